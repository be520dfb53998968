package dev.holdfast.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Tags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.commons.annotation.Testable;

/** The layers of the code, the size of its packages, and the names of its types. */
@Tag("unit")
class ArchitectureTest {

    private static final String ROOT = "dev.holdfast.";
    private static final int TYPES_PER_PACKAGE = 25;
    private static final int LINES_PER_FILE = 300;

    /** Files that are still too long. A shorter file leaves the list, and no file joins it. */
    private static final Set<String> TOO_LONG = Set.of(
            "postgres/rolechange/SwitchoverDecision.java",
            "postgres/rolechange/PostPromotionStages.java",
            "postgres/probe/RoleChangeProbe.java",
            "mongodb/backup/BackupSteps.java");

    private static final Set<String> SERVERS =
            Set.of("RealEstate", "RealTrio", "RealSet", "TestServers", "TestReplicaSet", "SchemaServers", "Fleet");
    private static final JavaClasses WITH_TESTS = new ClassFileImporter().importPackages("dev.holdfast");
    private static final JavaClasses ALL =
            WITH_TESTS.that(DescribedPredicate.describe("are no tests", c -> !isTestCode(c)));

    @ParameterizedTest(name = "{0} uses only: {1}")
    @CsvSource({
        "model, ''",
        "execution, model",
        "ledger, model execution",
        "plan, model execution ledger",
        "report, model execution ledger",
        "config, model execution ledger plan",
        "engine, model execution ledger plan config",
        "preflight, model execution ledger plan config engine",
        "backup, model execution ledger plan config engine",
        "schema, model execution ledger plan config engine",
        "lint, model execution ledger plan config engine",
        "mongodb, model execution ledger plan config engine schema backup lint",
        "postgres, model execution ledger plan config engine schema backup lint",
        "drill, model execution ledger plan config engine schema backup"
    })
    void a_layer_of_the_core_uses_only_lower_layers(String layer, String lower) {
        String[] allowed = Stream.concat(
                        Stream.of("java..", ROOT + layer + ".."),
                        Arrays.stream(lower.split(" "))
                                .filter(k -> !k.isEmpty())
                                .map(k -> ROOT + k + ".."))
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(ROOT + layer + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed))
                .because("a layer that uses only lower layers can be read and tested alone")
                .check(ALL);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "postgres, value topology state configuration action probe replication proxy archive provision rolechange automatic schema"
                + " backup restore runbook lint",
        "mongodb, value topology configuration action state probe replicaset rolechange provision schema backup restore runbook"
                + " lint",
        "drill, fault scenario config run",
        "cli, files view starter advice exec oplog database load run live metrics monitoring preflight upgrade command"
    })
    void a_package_uses_only_those_before_it(String tree, String order) {
        List<String> packages = List.of(order.split(" "));
        for (int i = 0; i + 1 < packages.size(); i++) {
            String[] later = packages.subList(i + 1, packages.size()).stream()
                    .map(p -> ROOT + tree + "." + p + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + tree + "." + packages.get(i) + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(later)
                    .because("packages without cycles can be read one after the other")
                    .check(ALL);
        }
    }

    @Test
    void the_core_uses_no_disk_network_database_or_clock() {
        DescribedPredicate<JavaClass> core =
                DescribedPredicate.describe("the core", c -> !c.getPackageName().startsWith(ROOT + "cli"));
        noClasses()
                .that(core)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.sql..", "java.nio.file..", "java.nio.channels..", "javax..")
                .because("only cli touches the outside")
                .check(ALL);
        noClasses()
                .that(core)
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|.*Stream|.*Reader|.*Writer|RandomAccessFile|Console)")
                .because("only cli touches the outside")
                .check(ALL);
        noClasses()
                .that(core)
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .because("the clock and the environment are behind ExecutionContext")
                .check(ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mongodb", "postgres"})
    void an_engine_is_named_outside_only_by_its_entry_and_its_cluster(String engine) {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + engine + "..")
                .and()
                .haveNameNotMatching("dev\\.holdfast\\.BuiltIns(\\$.*)?")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are inside " + engine,
                        c -> c.getPackageName().startsWith(ROOT + engine)
                                && !c.getName().matches(".*\\.(Mongo|Postgres)(Engine|Cluster)(\\$.*)?")))
                .because("an engine is one folder, and one line in BuiltIns")
                .check(ALL);
    }

    /** Also in comments and texts: what holds for one engine only belongs in its package tree. */
    @ParameterizedTest
    @ValueSource(strings = {"execution", "ledger", "plan", "report", "engine", "drill"})
    void no_engine_is_named_in(String layer) throws IOException {
        Pattern name = Pattern.compile("(?i)mongo|postgres");
        Path folder = Path.of("..", "topology", "src", "main", "java", "dev", "holdfast", layer);
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.readString(file)
                        .lines()
                        .filter(l -> name.matcher(l).find())
                        .forEach(l -> found.add(folder.relativize(file) + ": " + l.strip()));
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void both_engines_have_the_same_packages() {
        List<String> only = List.of("proxy", "archive", "replication", "automatic", "replicaset");
        assertThat(packages("mongodb").stream().filter(p -> !only.contains(p)))
                .containsExactlyElementsOf(packages("postgres").stream()
                        .filter(p -> !only.contains(p))
                        .toList());
    }

    private static List<String> packages(String engine) {
        String prefix = ROOT + engine + ".";
        return ALL.stream()
                .map(JavaClass::getPackageName)
                .filter(p -> p.startsWith(prefix))
                .map(p -> p.substring(prefix.length()))
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void only_main_makes_live_objects() {
        String[] live = {
            ROOT + "cli.exec..", ROOT + "cli.database..", ROOT + "cli.oplog..", ROOT + "cli.load..", ROOT + "cli.live.."
        };
        noClasses()
                .that()
                .resideOutsideOfPackages(live)
                .and()
                .haveNameNotMatching("dev\\.holdfast\\.cli\\.Main(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(live)
                .because("there is one place where live objects are made and joined")
                .check(ALL);
    }

    @Test
    void only_main_prints_to_the_streams_of_the_process_or_ends_it() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.holdfast\\.cli\\.Main(\\$.*)?")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .because("run(out, err, args) is the only entry and never exits")
                .check(ALL);
    }

    @Test
    void a_package_has_at_most_25_types() {
        Map<String, Long> sizes = topLevel()
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
        sizes.values().removeIf(n -> n <= TYPES_PER_PACKAGE);
        assertThat(sizes).isEmpty();
    }

    @Test
    void a_production_file_has_at_most_300_lines() throws IOException {
        Set<String> longer = new TreeSet<>();
        for (String module : List.of("topology", "cli")) {
            Path root = Path.of("..", module, "src", "main", "java", "dev", "holdfast");
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    if (Files.readAllLines(file).size() > LINES_PER_FILE) {
                        longer.add(root.relativize(file).toString().replace('\\', '/'));
                    }
                }
            }
        }
        assertThat(longer)
                .as("extract a type with one purpose and a name of its own")
                .isEqualTo(new TreeSet<>(TOO_LONG));
    }

    /** A nested class counts as its top-level class. */
    @Test
    void classes_of_a_package_form_no_cycle() {
        Map<String, Set<String>> used = new TreeMap<>();
        ALL.forEach(c -> c.getDirectDependenciesFromSelf().stream()
                .map(d -> outermost(d.getTargetClass()))
                .filter(t -> t.getPackageName().equals(c.getPackageName()) && !t.equals(outermost(c)))
                .forEach(t -> used.computeIfAbsent(outermost(c).getName(), n -> new TreeSet<>())
                        .add(t.getName())));
        Map<String, Set<String>> reached = new TreeMap<>();
        used.keySet().forEach(c -> reached.put(c, reached(c, used)));
        Map<String, TreeSet<String>> cycles = new TreeMap<>();
        reached.forEach((c, all) -> all.stream()
                .filter(t -> reached.getOrDefault(t, Set.of()).contains(c))
                .forEach(t -> cycles.computeIfAbsent(packageOf(c), p -> new TreeSet<>())
                        .add(c)));
        assertThat(cycles)
                .as("classes that use each other can only be read together")
                .isEmpty();
    }

    private static Set<String> reached(String from, Map<String, Set<String>> used) {
        Set<String> reached = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(used.get(from));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (reached.add(next)) {
                open.addAll(used.getOrDefault(next, Set.of()));
            }
        }
        return reached;
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass at = type.getBaseComponentType();
        while (at.getEnclosingClass().isPresent()) {
            at = at.getEnclosingClass().orElseThrow();
        }
        return at;
    }

    private static String packageOf(String type) {
        return type.substring(ROOT.length(), type.lastIndexOf('.'));
    }

    /** The engines mirror each other, so that a name may stand once in each of them. */
    @Test
    void simple_names_are_unique() {
        List<String> twice = new ArrayList<>();
        for (String side : List.of("mongodb", "postgres")) {
            Map<String, TreeSet<String>> named = new TreeMap<>();
            String other = side.equals("mongodb") ? ROOT + "postgres" : ROOT + "mongodb";
            topLevel()
                    .filter(c -> !c.getPackageName().startsWith(other))
                    .forEach(c -> named.computeIfAbsent(c.getSimpleName(), n -> new TreeSet<>())
                            .add(c.getName()));
            named.values().stream()
                    .filter(n -> n.size() > 1)
                    .map(Object::toString)
                    .forEach(twice::add);
        }
        assertThat(twice).isEmpty();
    }

    private static Stream<JavaClass> topLevel() {
        return ALL.stream()
                .filter(c -> c.isTopLevelClass() && !c.getSimpleName().equals("package-info"));
    }

    @Test
    void names_state_what_a_type_is() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .orShould()
                .haveNameMatching(".*\\.Base(?!Backup)[A-Z]\\w*")
                .because("such a name does not say what the type is")
                .check(ALL);
    }

    /** A class that starts servers is {@code real}; in it, a method that takes minutes is {@code long}. */
    @Test
    void a_test_class_has_exactly_one_speed() {
        List<JavaClass> tests = WITH_TESTS.stream()
                .filter(c -> c.getMethods().stream().anyMatch(m -> m.isMetaAnnotatedWith(Testable.class)))
                .toList();
        assertThat(tests).hasSizeGreaterThan(100);
        assertThat(tests.stream()
                        .map(c -> c.getSimpleName() + " " + speed(c))
                        .filter(t -> !t.matches("\\w+ (unit|real|long)")))
                .isEmpty();
        assertThat(tests.stream()
                        .flatMap(c -> c.getMethods().stream())
                        .filter(m -> m.isAnnotatedWith(Tag.class) || m.isAnnotatedWith(Tags.class))
                        .map(m -> speed(m.getOwner()) + " " + speed(m) + " " + m.getFullName())
                        .filter(t -> !t.startsWith("real long ")))
                .isEmpty();
        noClasses()
                .that(DescribedPredicate.describe("are unit tests", c -> speed(c).equals("unit")))
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "it starts servers",
                        call -> SERVERS.contains(call.getTargetOwner().getSimpleName())
                                && !call.getName().equals("repositoryFolder")))
                .because("scripts/test --unit runs where no server is installed")
                .check(WITH_TESTS);
    }

    private static boolean isTestCode(JavaClass type) {
        String at = type.getSource().orElseThrow().getUri().toString();
        return at.contains("/test-classes/") || at.contains("-tests.jar");
    }

    private static String speed(HasAnnotations<?> tested) {
        return tested.tryGetAnnotationOfType(Tag.class).map(Tag::value).orElse("without one @Tag");
    }
}
