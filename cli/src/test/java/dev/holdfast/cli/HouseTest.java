package dev.holdfast.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rooms of the house: who may know whom, and what things may be called. */
class HouseTest {

    private static final String ROOT = "dev.holdfast.";
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.holdfast");

    /** Every thinking room and the rooms it may know besides itself. */
    @ParameterizedTest(name = "{0} knows only: {1}")
    @CsvSource({
        "model, ''",
        "world, model",
        "ledger, model world",
        "plan, model world ledger",
        "engine, model world ledger plan",
        "lint, model world ledger plan engine mongodb postgres",
        "backup, model world ledger plan engine",
        "mongodb, model world ledger plan engine schema backup",
        "postgres, model world ledger plan engine schema backup",
        "schema, model world ledger plan engine",
        "drill, model world ledger plan engine schema backup",
        "report, model world ledger"
    })
    void a_thinking_room_knows_only_the_rooms_before_it(String room, String known) {
        String[] allowed = Stream.concat(
                        Stream.of("java..", ROOT + room + ".."),
                        Arrays.stream(known.split(" "))
                                .filter(k -> !k.isEmpty())
                                .map(k -> ROOT + k + ".."))
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(ROOT + room + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed))
                .allowEmptyShould(true)
                .because("a room that knows only what comes before it can be read and tested alone")
                .check(HOUSE);
    }

    @Test
    void the_thinking_rooms_touch_no_disk_network_database_or_clock() {
        DescribedPredicate<JavaClass> thinking = resideInAnyPackage(
                        "dev.holdfast",
                        ROOT + "model..",
                        ROOT + "world..",
                        ROOT + "ledger..",
                        ROOT + "plan..",
                        ROOT + "engine..",
                        ROOT + "mongodb..",
                        ROOT + "postgres..",
                        ROOT + "schema..",
                        ROOT + "backup..",
                        ROOT + "lint..",
                        ROOT + "drill..",
                        ROOT + "report..")
                .as("the thinking rooms");
        noClasses()
                .that(thinking)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.sql..", "java.nio.file..", "java.nio.channels..", "javax..")
                .because("topology thinks, cli acts")
                .check(HOUSE);
        noClasses()
                .that(thinking)
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|.*Stream|.*Reader|.*Writer|RandomAccessFile|Console)")
                .because("topology thinks, cli acts")
                .check(HOUSE);
        noClasses()
                .that(thinking)
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
                .because("the clock and the environment are behind World")
                .check(HOUSE);
    }

    @Test
    void engines_show_only_their_door_and_their_cluster() {
        classes()
                .that()
                .resideInAnyPackage(ROOT + "mongodb..", ROOT + "postgres..")
                .and()
                .areTopLevelClasses()
                .and()
                .haveSimpleNameNotEndingWith("Engine")
                .and()
                .haveSimpleNameNotEndingWith("Cluster")
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .bePackagePrivate()
                .because("what an engine knows is its own affair")
                .check(HOUSE);
    }

    @Test
    void only_main_reaches_for_the_hands() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli.hands..")
                .and()
                .haveNameNotMatching("dev\\.holdfast\\.cli\\.Main(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "cli.hands..")
                .because("there is one place where live things are made and joined")
                .check(HOUSE);
    }

    @Test
    void nothing_prints_by_itself_or_ends_the_process_but_main() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.holdfast\\.cli\\.Main(\\$.*)?")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .because("run(out, err, args) is the only door and never exits")
                .check(HOUSE);
    }

    @Test
    void names_say_what_a_thing_is() {
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
                .haveNameMatching(".*\\.Base[A-Z]\\w*")
                .because("a name that a DBA would say aloud needs no explanation")
                .check(HOUSE);
    }
}
