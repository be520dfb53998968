package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Operator;
import dev.holdfast.postgres.RoleChangeRow;
import dev.holdfast.postgres.RoleChangeRow.Candidate;
import dev.holdfast.postgres.RoleChangeRow.Old;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The state table of examples/ROLE-CHANGE-STATES.md on a real trio: each state is produced, and the commands of its row are
 * run; then the hints lead to an empty plan, and every acknowledged row is there unless its loss was refused with exit 7 first.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealRoleChangeStatesTest {

    private RealTrio trio;

    record Case(RoleChangeRow row, List<String> way, boolean hasRecord) {
        @Override
        public String toString() {
            return row.old() + " " + row.candidate() + (hasRecord ? "" : " without record") + ": " + way;
        }
    }

    /** The rows whose state one machine can be in; a host that does not answer is in the simulated table. */
    static Stream<Case> cases() {
        return RoleChangeRow.all().stream()
                .filter(r -> r.old() != Old.HOST_SILENT)
                .flatMap(r -> r.ways().stream().flatMap(w -> Stream.of(new Case(r, w, true), new Case(r, w, false))));
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        if (trio != null) {
            trio.close();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_commands_of_the_row_end_it(Case state) throws Exception {
        atHome();
        Operator operator = new Operator(trio.estate);
        boolean isHealthy = false;
        try {
            RoleChangeScene scene = new RoleChangeScene(trio);
            List<String> commands = state.way().stream().map(scene::placed).toList();
            scene.arrange(state.row(), state.hasRecord());
            if (state.hasRecord()) {
                operator.isRefusedWithoutSecrets("trio-test", commands, 4);
            }
            if (state.row().candidate() == Candidate.BROKEN) {
                RoleChangeScene.remove(trio.directory(scene.candidate()).resolve("data"));
            }
            boolean isAccepted = false;
            for (String command : commands) {
                isAccepted |= operator.ends(command, state.row().asksForConsent());
            }
            operator.followsHints();
            scene.write(trio.primary());
            if (!isAccepted) {
                assertThat(scene.lost()).isEmpty();
            }
            isHealthy = true;
        } catch (AssertionError wrong) {
            throw new AssertionError(wrong.getMessage() + "\n" + operator.output(), wrong);
        } finally {
            if (!isHealthy) {
                trio.close();
                trio = null;
            }
        }
    }

    /** A healthy trio in which the disaster-recovery copy is not primary. */
    private void atHome() throws Exception {
        if (trio == null) {
            trio = new RealTrio(RealTrio.TOPOLOGY);
            trio.applied();
        }
        if (trio.primary().equals("d1")) {
            trio.does(0, "switchover", "payments", "--to", "a1", "--yes");
        }
        trio.settled();
    }
}
