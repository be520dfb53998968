package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.postgres.automatic.AutomaticDecision;
import dev.holdfast.postgres.automatic.AutomaticRejoinDecision;
import dev.holdfast.postgres.replication.CommitProtection;
import dev.holdfast.postgres.rolechange.SwitchoverCandidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The codes of all decision tables, and the page that lists them; with {@code -Dholdfast.golden=write} it is written. */
@Tag("unit")
class DecisionCodesTest {

    private static final Path PAGE = Path.of("..", "examples", "CODES.md");

    private record Table(String engine, String command, List<? extends DecisionRule<?, ?>> rules) {}

    private static final List<Table> TABLES = List.of(
            new Table("PostgreSQL", "switchover", dev.holdfast.postgres.rolechange.SwitchoverDecision.TABLE),
            new Table("PostgreSQL", "switchover", SwitchoverCandidate.TABLE),
            new Table("PostgreSQL", "failover", dev.holdfast.postgres.rolechange.FailoverDecision.TABLE),
            new Table("PostgreSQL", "rejoin", dev.holdfast.postgres.rolechange.RejoinDecision.TABLE),
            new Table("PostgreSQL", "commits", CommitProtection.TABLE),
            new Table("PostgreSQL", "switchover", AutomaticDecision.SWITCHOVER),
            new Table("PostgreSQL", "failover", AutomaticDecision.FAILOVER),
            new Table("PostgreSQL", "rejoin", AutomaticRejoinDecision.TABLE),
            new Table("MongoDB", "switchover", dev.holdfast.mongodb.rolechange.SwitchoverDecision.TABLE),
            new Table("MongoDB", "failover", dev.holdfast.mongodb.rolechange.FailoverDecision.TABLE),
            new Table("MongoDB", "rejoin", dev.holdfast.mongodb.rolechange.RejoinDecision.TABLE),
            new Table("MongoDB", "upgrade", dev.holdfast.mongodb.provision.FinishDecision.TABLE),
            new Table("MongoDB", "restore", dev.holdfast.mongodb.restore.RestoreDecision.TABLE));

    /** What refuses without a table, and is overridden by its own code. */
    private static final Map<DecisionCode, List<String>> WITHOUT_TABLE = Map.of(
            DecisionCode.MAINTENANCE,
            List.of("PostgreSQL switchover", "PostgreSQL failover", "MongoDB switchover", "MongoDB failover"),
            DecisionCode.UNREAD,
            List.of("PostgreSQL restore"),
            DecisionCode.RESTORE_AGAIN,
            List.of("PostgreSQL restore"),
            DecisionCode.RESTORE_POSSIBLE,
            List.of("PostgreSQL restore"));

    private static Stream<? extends DecisionRule<?, ?>> rules() {
        return TABLES.stream().flatMap(t -> t.rules().stream());
    }

    @Test
    void a_code_is_a_word_in_kebab_case_with_a_meaning() {
        assertThat(DecisionCode.values()).hasSizeGreaterThan(80).allSatisfy(c -> {
            assertThat(c.word()).matches("[a-z]+(-[a-z]+)*").hasSizeLessThanOrEqualTo(24);
            assertThat(c.meaning()).matches("[A-Z].*[.]");
            assertThat(c.exits()).doesNotContain(ExitCode.DONE).doesNotHaveDuplicates();
        });
    }

    @Test
    void a_code_is_unique_within_its_table() {
        assertThat(TABLES)
                .allSatisfy(t -> assertThat(t.rules().stream().map(DecisionRule::code))
                        .as(t.engine() + " " + t.command())
                        .isNotEmpty()
                        .doesNotHaveDuplicates());
    }

    @Test
    void every_code_is_used() {
        Set<DecisionCode> used = rules().map(DecisionRule::code).collect(Collectors.toSet());
        used.addAll(WITHOUT_TABLE.keySet());
        assertThat(used).containsExactlyInAnyOrder(DecisionCode.values());
    }

    /** That it refuses with no other exit codes than its own is asserted where each table decides: {@code DecisionTable}. */
    @Test
    void an_override_is_the_code_of_a_row_that_it_overrides() {
        Set<DecisionCode> overridable = rules().filter(
                        r -> r.override().filter(r.code()::equals).isPresent())
                .map(DecisionRule::code)
                .collect(Collectors.toSet());
        assertThat(rules().flatMap(r -> r.override().stream())).isSubsetOf(overridable);
        overridable.addAll(Set.of(DecisionCode.MAINTENANCE, DecisionCode.RESTORE_AGAIN, DecisionCode.UNREAD));
        assertThat(overridable).containsExactlyInAnyOrderElementsOf(DecisionCode.OVERRIDES);
    }

    @Test
    void both_engines_have_the_same_word_for_the_same_refusal() {
        assertThat(common())
                .contains(
                        DecisionCode.CANDIDATE_LAG,
                        DecisionCode.OTHERS_SILENT,
                        DecisionCode.FAILOVER_AGAIN,
                        DecisionCode.PRIMARY_REACHED,
                        DecisionCode.DATA_LOSS,
                        DecisionCode.PROCESS_SILENT);
    }

    private static List<DecisionCode> common() {
        return Arrays.stream(DecisionCode.values())
                .filter(c -> Stream.of("PostgreSQL", "MongoDB")
                        .allMatch(e -> TABLES.stream()
                                .filter(t -> t.engine().equals(e))
                                .flatMap(t -> t.rules().stream())
                                .anyMatch(r -> r.code() == c)))
                .toList();
    }

    @Test
    void the_page_lists_every_code() throws IOException {
        if ("write".equals(System.getProperty("holdfast.golden"))) {
            Files.writeString(PAGE, page());
        }
        assertThat(PAGE).as("run with -Dholdfast.golden=write").hasContent(page());
    }

    private static String page() {
        StringBuilder text = new StringBuilder("""
                # Codes

                Every decision, refusal and override of a role change or restore has a code. A code has the same meaning and the
                same exit codes on both engines, and it stays when sentences are rewritten: scripts can rely on it. Holdfast prints
                the code below the reason (`code:`, or `CODE:` below a refusal), `-o json` has it as `code`, and runbooks show it in
                front of each row.

                `--override=CODE` leaves out the row that refused with that code, where this page names one.
                `--accept-data-loss` is the way past exit 7, with the command that the hint names. [DECISION-TABLES.md](DECISION-TABLES.md) has the rows in order.
                Former words of `--override` are accepted with a warning: `again`, `silent` and `lag`.

                | code | meaning | exit | override | decided by |
                |---|---|---|---|---|
                """);
        Arrays.stream(DecisionCode.values())
                .sorted(Comparator.comparing(DecisionCode::word))
                .forEach(c -> text.append(row(c)).append('\n'));
        return text.toString();
    }

    private static String row(DecisionCode code) {
        Map<String, Set<String>> places = new TreeMap<>(Comparator.reverseOrder());
        Set<String> overrides = new LinkedHashSet<>();
        boolean isEverywhere = isOverriddenEverywhere(code);
        for (Table table : TABLES) {
            for (DecisionRule<?, ?> rule : table.rules()) {
                if (rule.code() == code) {
                    places.computeIfAbsent(table.engine(), e -> new LinkedHashSet<>())
                            .add(table.command());
                    rule.override()
                            .ifPresent(o -> overrides.add(
                                    "`--override=" + o + "`" + (isEverywhere ? "" : " (" + table.engine() + ")")));
                }
            }
        }
        for (String place : WITHOUT_TABLE.getOrDefault(code, List.of())) {
            places.computeIfAbsent(place.split(" ")[0], e -> new LinkedHashSet<>())
                    .add(place.split(" ")[1]);
        }
        if (code == DecisionCode.MAINTENANCE) {
            overrides.add("`--override=" + code + "`");
        }
        if (code.exits().contains(ExitCode.WOULD_LOSE_DATA)) {
            overrides.add("`--accept-data-loss`");
        }
        return "| `" + code + "` | " + code.meaning() + " | "
                + code.exits().stream().map(e -> Integer.toString(e.code())).collect(Collectors.joining(", ")) + " | "
                + String.join(", ", overrides) + " | "
                + places.entrySet().stream()
                        .map(p -> p.getKey() + ": " + String.join(", ", p.getValue()))
                        .collect(Collectors.joining("; "))
                + " |";
    }

    private static boolean isOverriddenEverywhere(DecisionCode code) {
        return rules().filter(r -> r.code() == code).allMatch(r -> r.override().isPresent());
    }
}
