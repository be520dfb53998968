package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.command.EnvironmentOptions;
import dev.holdfast.cli.view.HelpPage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The conventions that every command follows: help, subcommands, environment variables, colours, standard input and output. */
@Tag("unit")
class CommandLineTest {

    private static final Path ROOT = RealEstate.repositoryFolder();
    private static final String EXAMPLE =
            ROOT.resolve("examples/replica-set/topology.yaml").toString();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(Map<String, String> environment, String... args) {
        return run(environment, false, args);
    }

    private int run(Map<String, String> environment, boolean terminal, String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(environment, terminal, new PrintWriter(out), new PrintWriter(err), args);
    }

    /** Every command and subcommand, as it is typed after {@code holdfast}. */
    static Stream<String> commands() {
        return all(Main.all(null)).map(c -> c.getCommandSpec().qualifiedName()).filter(n -> n.contains(" "));
    }

    private static Stream<CommandLine> all(CommandLine line) {
        return Stream.concat(
                Stream.of(line), line.getSubcommands().values().stream().flatMap(CommandLineTest::all));
    }

    private static CommandLine accepting() {
        return Main.all(null).setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static String[] words(String command) {
        return command.replaceFirst("^ *holdfast ", "").split(" (?=(?:[^']*'[^']*')*[^']*$)");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_has_a_help_page_with_examples_that_it_accepts(String command) {
        assertThat(run(Map.of(), words(command + " --help"))).isZero();
        String help = out.toString();
        assertThat(help).startsWith("Usage: " + command).contains("\nExamples:\n");
        assertThat(run(Map.of(), words(command.replaceFirst(" ", " help ")))).isZero();
        assertThat(out.toString()).isEqualTo(help);
        List<String> examples = help.substring(help.indexOf("\nExamples:\n") + 11)
                .lines()
                .filter(l -> !l.isBlank())
                .toList();
        assertThat(examples)
                .isNotEmpty()
                .allSatisfy(e -> assertThat(e).startsWith("  " + command))
                .allSatisfy(e -> assertThat(accepting().parseArgs(words(e.replaceFirst(" > .*", ""))))
                        .isNotNull());
    }

    @Test
    void options_are_in_groups_with_headings_and_each_option_is_in_one() {
        assertThat(run(Map.of(), "drill", "run", "--help")).isZero();
        assertThat(out.toString())
                .containsSubsequence(
                        "Parameters:",
                        "Scope:",
                        "--zone",
                        "Load and repetition:",
                        "--seed",
                        "Topology file:",
                        "--file",
                        "Consent:",
                        "--yes",
                        "Limits:",
                        "--timeout",
                        "Output:",
                        "--color");
        all(Main.all(null))
                .forEach(line -> assertThat(HelpPage.grouped(line.getCommandSpec()).values().stream()
                                .flatMap(List::stream))
                        .containsExactlyInAnyOrderElementsOf(
                                line.getCommandSpec().options()));
    }

    @Test
    void a_subcommand_can_stand_after_options_and_in_capitals_as_before() {
        assertThat(run(Map.of(), "drill", "-f", EXAMPLE, "--var-free", "list")).isEqualTo(64);
        assertThat(run(Map.of(), "drill", "-f", EXAMPLE, "-v", "--output", "text", "list"))
                .as(err.toString())
                .isZero();
        String listed = out.toString();
        assertThat(run(Map.of(), "drill", "LIST", "-f", EXAMPLE)).isZero();
        assertThat(out.toString()).isEqualTo(listed);
        assertThat(run(Map.of(), "drill", "show", "-f", EXAMPLE)).isEqualTo(64);
        assertThat(err.toString()).contains("the name of the drill is missing").contains("mongo-primary-kill");
        assertThat(run(Map.of(), "drill", "lst")).isEqualTo(64);
        assertThat(err.toString()).contains("lst: unknown command").contains("did you mean \"holdfast drill list\"?");
        assertThat(run(Map.of(), "statsu", "-f", EXAMPLE)).isEqualTo(64);
        assertThat(err.toString())
                .contains("holdfast: statsu: unknown command")
                .contains("did you mean \"holdfast status\"?")
                .doesNotContain("destroy");
        assertThat(run(Map.of(), "drill")).isEqualTo(64);
        assertThat(err.toString()).contains("Usage: holdfast drill").contains("history");
    }

    @Test
    void the_former_word_of_a_side_by_side_restore_is_accepted_with_a_hint() {
        String[] restore = {"restore", "none", "--to", "latest", "-f", EXAMPLE, "--into", "beside"};
        assertThat(run(Map.of(), restore)).isEqualTo(64);
        assertThat(err.toString())
                .contains("DEPRECATED: --into beside has a new name\n    HINT: use --into side-by-side\n")
                .doesNotContain("topology file at this path");
        restore[restore.length - 1] = "side-by-side";
        assertThat(run(Map.of(), restore)).isEqualTo(64);
        assertThat(err.toString()).doesNotContain("DEPRECATED");
    }

    @Test
    void an_environment_variable_sets_an_option_and_the_command_line_takes_precedence() {
        assertThat(run(Map.of("HOLDFAST_FILE", EXAMPLE), "validate")).isZero();
        assertThat(out.toString()).contains("Estate notes is valid");
        Map<String, String> json = Map.of("HOLDFAST_FILE", "/nowhere", "HOLDFAST_OUTPUT", "json");
        assertThat(run(json, "validate", "-f", EXAMPLE)).isZero();
        assertThat(out.toString()).startsWith("{");
        assertThat(run(Map.of("HOLDFAST_VERBOSE", "1"), "validate", "-f", EXAMPLE))
                .isZero();
        assertThat(out.toString()).contains("hosts m1 and m2");
    }

    @ParameterizedTest
    @CsvSource({
        "HOLDFAST_TIMEOUT, soon, plan",
        "HOLDFAST_OUTPUT, xml, validate",
        "HOLDFAST_YES, perhaps, apply",
        "HOLDFAST_RATE, 0, drill run",
        "HOLDFAST_COLOR, red, status",
        "HOLDFAST_VAR, estate, plan"
    })
    void an_unusable_value_names_the_variable(String name, String value, String command) {
        assertThat(run(Map.of(name, value), words(command))).isEqualTo(64);
        assertThat(err.toString()).contains("the environment variable " + name).contains("HINT: holdfast " + command);
    }

    @Test
    void consent_is_typed_for_each_run() {
        Map<String, String> set = Map.of("HOLDFAST_ACCEPT_DATA_LOSS", "true");
        assertThat(run(set, "failover", "notes", "-f", EXAMPLE)).isEqualTo(64);
        assertThat(err.toString()).contains("HOLDFAST_ACCEPT_DATA_LOSS").contains("must be typed");
        assertThat(run(set, "validate", "-f", EXAMPLE)).isZero();
    }

    @Test
    void the_page_lists_each_variable_and_no_variable_has_two_meanings() throws IOException {
        String page = Files.readString(ROOT.resolve("examples/COMMAND-LINE.md"));
        Set<String> others = new HashSet<>(Set.of("HOLDFAST_HOME", "HOLDFAST_SERVERS", "HOLDFAST_JAVA_OPTS"));
        others.addAll(Set.of("HOLDFAST_NO_BUILD", "HOLDFAST_NO_SETUP", "HOLDFAST_REWRITE", "HOLDFAST_FAULTS"));
        List<OptionSpec> options = all(Main.all(null))
                .flatMap(c -> c.getCommandSpec().options().stream())
                .toList();
        assertThat(options.stream().flatMap(o -> EnvironmentOptions.variable(o).stream()))
                .contains("HOLDFAST_FILE", "HOLDFAST_PARALLELISM")
                .doesNotContainAnyElementsOf(others);
        assertThat(options.stream().filter(o -> EnvironmentOptions.variable(o).isEmpty()))
                .allSatisfy(o -> assertThat(page).contains("`" + o.longestName() + "`"));
    }

    @ParameterizedTest
    @CsvSource({
        "auto, true, '', xterm, true",
        "auto, false, '', xterm, false",
        "auto, true, 1, xterm, false",
        "auto, true, '', dumb, false",
        "always, false, 1, dumb, true",
        "never, true, '', xterm, false"
    })
    void colours_are_for_terminals_unless_the_user_decides(
            String when, boolean terminal, String noColor, String term, boolean coloured) throws IOException {
        String broken = ROOT.resolve("examples/broken/dangling-host.yaml").toString();
        Map<String, String> environment = Map.of("NO_COLOR", noColor, "TERM", term);
        assertThat(run(environment, terminal, "validate", "-f", broken, "--color", when))
                .isEqualTo(3);
        assertThat(out.toString().contains("\u001b[")).isEqualTo(coloured);
        assertThat(run(environment, terminal, "validate", "-f", broken, "--color=" + when, "--no-color"))
                .isEqualTo(3);
        assertThat(out.toString()).doesNotContain("\u001b[");
    }

    @Test
    void a_topology_can_come_from_standard_input() throws IOException {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(Files.readAllBytes(Path.of(EXAMPLE))));
            assertThat(run(Map.of(), "validate", "-f", "-")).isZero();
            assertThat(out.toString()).contains("Estate notes is valid");
            System.setIn(new ByteArrayInputStream("name: [".getBytes(StandardCharsets.UTF_8)));
            assertThat(run(Map.of(), "validate", "-f", "-")).isEqualTo(3);
            assertThat(out.toString()).contains("standard input:1:");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void an_unused_variable_is_wrong_usage_with_the_nearest_name() throws IOException {
        Path file = folder.resolve("topology.yaml");
        String text = Files.readString(Path.of(EXAMPLE));
        Files.writeString(file, text.replace("name: notes", "name: ${var:estate:-notes}"));
        assertThat(run(Map.of(), "validate", "--var", "estate=shop", "-f", file.toString()))
                .isZero();
        for (String command : List.of("validate", "drill list")) {
            assertThat(run(Map.of(), words(command + " --var estat=shop -f " + file)))
                    .isEqualTo(64);
            assertThat(err.toString()).contains("--var estat").contains("did you mean \"estate\"?");
        }
        assertThat(run(Map.of(), "validate", "--var", "zone=x", "-f", EXAMPLE)).isEqualTo(64);
        assertThat(err.toString()).contains("the files have no ${var:NAME}");
        Files.writeString(file, text.replace("name: notes", "name: ${var:estate}"));
        assertThat(run(Map.of(), "validate", "--var", "estat=shop", "-f", file.toString()))
                .isEqualTo(64);
        assertThat(run(Map.of(), "validate", "--var", "else=shop", "-f", file.toString()))
                .isEqualTo(3);
        assertThat(out.toString()).contains("no --var sets estate");
    }

    @Test
    void a_result_that_cannot_be_written_is_a_failure_in_one_sentence() throws Exception {
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "validate",
                        "-f",
                        EXAMPLE)
                .redirectOutput(Path.of("/dev/full").toFile())
                .redirectError(said.toFile())
                .start();
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(Files.readString(said))
                .startsWith("holdfast: the result cannot be written completely to standard output")
                .contains("HINT")
                .doesNotContain("\tat ");
    }
}
