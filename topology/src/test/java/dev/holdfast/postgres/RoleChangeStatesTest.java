package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Operation;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.postgres.RoleChangeRow.Candidate;
import dev.holdfast.postgres.RoleChangeRow.Old;
import dev.holdfast.postgres.rolechange.FailoverDecision;
import dev.holdfast.postgres.state.RoleChangeState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The state table of examples/ROLE-CHANGE-STATES.md on pretend servers: from every combination of what is left of the old
 * primary, of the candidate, and of the records, the commands of its row lead to one primary that serves, and then to an empty
 * plan.
 */
@Tag("unit")
class RoleChangeStatesTest extends Rehearsal {

    private static final int MOST_AFTERWARDS = 4;

    record State(RoleChangeRow row, List<String> way, boolean hasRecord) {
        @Override
        public String toString() {
            return row + (hasRecord ? "" : " without record") + ": " + way;
        }
    }

    static Stream<State> states() {
        return RoleChangeRow.all().stream()
                .flatMap(r -> r.ways().stream().flatMap(w -> Stream.of(new State(r, w, true), new State(r, w, false))));
    }

    @Test
    void every_combination_has_one_row() {
        List<String> desired = new ArrayList<>();
        for (Old old : Old.values()) {
            for (Candidate candidate : Candidate.values()) {
                if (RoleChangeRow.isPossible(old, candidate)) {
                    desired.add(old + " " + candidate);
                }
            }
        }
        assertThat(RoleChangeRow.all().stream().map(r -> r.old() + " " + r.candidate()))
                .containsExactlyInAnyOrderElementsOf(desired);
        assertThat(RoleChangeRow.all()).allSatisfy(r -> assertThat(r.ways()).doesNotContain(List.of()));
    }

    private void arrange(State state) {
        FakeServer a1 = bank.at("a1");
        FakeServer b1 = bank.at("b1");
        if (state.row().candidate().isPromoted()) {
            promoted(state.row());
        }
        a1.up = state.row().old() == Old.ANSWERS;
        switch (state.row().candidate()) {
            case RUNS, PROMOTED_RUNS -> {}
            case LACKS -> {
                a1.end += 50;
                a1.lived = 60; // such a primary did not wait
            }
            case STOPPED, PROMOTED_STOPPED -> b1.up = false;
            case GONE, PROMOTED_GONE -> gone(b1);
            case BROKEN -> removed(b1); // what the row says first
        }
        switch (state.row().old()) {
            case ANSWERS -> {}
            case STOPPED -> a1.marks.remove("fence");
            case FENCED -> a1.marks.put("fence", "failover 1 b1 2026-01-01T00:00:00Z");
            case HOST_SILENT -> bank.fake.silentHosts.add("a1");
            case FOLDER_GONE -> gone(a1);
        }
        if (!state.hasRecord()) {
            bank.fake.servers.values().forEach(s -> s.marks.remove("history"));
        }
    }

    /** By a failover, or by hand while a1 is primary. */
    private void promoted(RoleChangeRow row) {
        if (row.old() == Old.ANSWERS) {
            bank.promoted("b1");
        } else {
            lost("a1");
            done(failover("", false));
            bank.world.pause(FailoverDecision.CALM.plusSeconds(1));
        }
    }

    private static void gone(FakeServer server) {
        removed(server);
        server.marks.clear();
        server.files.clear();
        server.mark = "";
    }

    private static void removed(FakeServer server) {
        server.up = false;
        server.data = false;
    }

    private boolean isServed() {
        return bank.fake.servers.values().stream()
                        .filter(s -> s.up && !s.standby)
                        .count()
                == 1;
    }

    private RunbookOutcome typed(String command) {
        List<String> words = Arrays.asList(command.split(" "));
        String to = words.contains("--to") ? words.get(words.indexOf("--to") + 1) : "";
        String[] overrides = words.stream()
                .filter(w -> w.startsWith("--override="))
                .map(w -> w.substring("--override=".length()))
                .toArray(String[]::new);
        Operation<RoleChangeState> operation = null;
        if (words.get(0).equals("failover")) {
            operation = failover(to, words.contains("--accept-data-loss"), overrides);
        } else if (words.get(0).equals("rejoin")) {
            operation = rejoin(words.get(1).replaceFirst(".*/", ""));
        }
        return operation == null ? bank.apply() : bank.run(operation.runbook());
    }

    private void ends(RoleChangeRow row, String command) {
        RunbookOutcome outcome = typed(command.replace(" --accept-data-loss", ""));
        if (command.contains("--accept-data-loss")
                && (row.asksForConsent() || outcome.exit() == ExitCode.WOULD_LOSE_DATA)) {
            assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(ExitCode.WOULD_LOSE_DATA);
            outcome = typed(command);
        }
        assertThat(outcome.failures()).as(outcome.toString()).isEmpty();
        assertThat(outcome.refusals()).as(outcome.toString()).isEmpty();
    }

    private List<String> afterwards() {
        List<String> typed = new ArrayList<>();
        while (!bank.titles().isEmpty() || !bank.refusals().isEmpty() || !left().isEmpty()) {
            assertThat(typed.size())
                    .as(typed + " leave " + bank.titles() + bank.refusals() + left())
                    .isLessThan(MOST_AFTERWARDS);
            String next = left().isEmpty() ? "apply" : left().get(0);
            typed.add(next);
            typed(next);
        }
        return typed;
    }

    /** The rejoins that the open differences and refusals of a plan name. */
    private List<String> left() {
        return bank.plans().stream()
                .flatMap(p -> Stream.concat(p.open().stream(), p.refusals().stream()))
                .map(r -> r.hint())
                .filter(h -> h.startsWith("holdfast rejoin "))
                .map(h -> h.substring("holdfast ".length()).replaceFirst("(rejoin \\S+).*", "$1"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("states")
    void the_commands_of_its_row_end_it(State state) {
        arrange(state);
        state.way().forEach(c -> ends(state.row(), c));
        assertThat(isServed()).as(state.toString()).isTrue();
        if (state.row().old() != Old.HOST_SILENT) {
            List<String> typed = afterwards();
            assertThat(isServed()).as(state + " after " + typed).isTrue();
        }
    }
}
