package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Operator;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.mongodb.FailoverStateRow;
import dev.holdfast.mongodb.FailoverStateRow.Failover;
import dev.holdfast.mongodb.FailoverStateRow.Members;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The state table of examples/ROLE-CHANGE-STATES-MONGODB.md on a real set: each state is produced, and the commands of its row
 * are run; then the hints lead to an empty plan, and every write that a majority has acknowledged is there unless its loss was
 * refused with exit 7 first.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealFailoverStatesTest {

    private static final String SET = """
            apiVersion: holdfast.dev/v1
            name: states
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
            clusters:
              db:
                engine: mongodb
                replicaSet: { name: rs, members: [ a1, b1, c1 ], electionTimeout: 3s, heartbeat: 500ms }
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
                  setParameter.diagnosticDataCollectionEnabled: false
            """;

    private static final int WRITES = 20;

    private RealEstate estate;
    private RealSet set;
    private int next;

    record Case(FailoverStateRow row, List<String> way) {
        @Override
        public String toString() {
            return row.members() + " " + row.failover() + ": " + way;
        }
    }

    static Stream<Case> cases() {
        return FailoverStateRow.all().stream().flatMap(r -> r.ways().stream().map(w -> new Case(r, w)));
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        if (estate != null) {
            estate.close();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_commands_of_the_row_end_it(Case state) throws Exception {
        atHome();
        Operator operator = new Operator(estate);
        boolean isHealthy = false;
        try {
            String primary = set.awaitPrimary();
            List<String> others = new ArrayList<>(List.of("db/rs/a1", "db/rs/b1", "db/rs/c1"));
            others.remove(primary);
            String survivor = others.get(0);
            String second = others.get(1);
            int first = next;
            write(primary);
            arrange(state.row(), survivor, primary, second);
            List<String> commands = state.way().stream()
                    .map(c -> c.replace("db/rs/a1", survivor)
                            .replace("db/rs/b1", primary)
                            .replace("db/rs/c1", second))
                    .toList();
            operator.isRefusedWithoutSecrets("states", commands, 4, 10);
            boolean isAccepted = false;
            for (String command : commands) {
                isAccepted |= operator.ends(command, state.row().asksForConsent());
            }
            if (state.row().members() == Members.FEW_FROZEN) {
                set.signal(second, "CONT");
            }
            operator.followsHints();
            if (!isAccepted) {
                assertThat(count(first)).as("acknowledged writes").isEqualTo(next - first);
            }
            write(set.awaitPrimary());
            isHealthy = true;
        } catch (AssertionError wrong) {
            throw new AssertionError(wrong.getMessage() + "\n" + operator.output(), wrong);
        } finally {
            if (!isHealthy) {
                estate.close();
                estate = null;
            }
        }
    }

    private void atHome() throws IOException {
        if (estate == null) {
            estate = RealEstate.ofText(SET);
            assertThat(estate.run("apply", "--yes").exit()).isZero();
            set = new RealSet(estate, "db/rs");
        }
        Patience.until(
                "nothing is to do",
                () -> estate.run("plan", "--detailed-exitcode").exit() == 0);
    }

    private void arrange(FailoverStateRow row, String survivor, String primary, String second) throws Exception {
        if (row.failover() == Failover.NO) {
            lose(row.members(), primary, second);
            return;
        }
        set.signal(second, "KILL");
        set.kill(primary);
        Patience.until("no member is primary", () -> set.primary().isEmpty());
        String[] failover = {"failover", "db/rs", "--yes", "--accept-data-loss", "--override=failover-again"};
        if (row.failover() == Failover.BEGUN) {
            estate.killedIn("Force the configuration", failover);
        } else {
            assertThat(estate.run(failover).exit()).isEqualTo(5);
            write(survivor);
        }
        switch (row.members()) {
            case MOST_STOPPED -> {}
            case SURVIVOR_STOPPED -> set.kill(survivor);
            case SURVIVOR_EMPTY -> {
                set.kill(survivor);
                remove(set.directory(survivor).resolve("data"));
            }
            default -> lose(row.members(), primary, second);
        }
    }

    private void lose(Members members, String primary, String second) throws Exception {
        switch (members) {
            case FEW_STOPPED -> set.kill(second);
            case FEW_EMPTY -> {
                set.kill(second);
                remove(set.directory(second).resolve("data"));
            }
            case FEW_FROZEN -> set.signal(second, "STOP");
            case MOST_STOPPED -> end(primary, second);
            case MOST_EMPTY, MOST_GONE -> {
                Path one = set.directory(primary);
                Path two = set.directory(second);
                end(primary, second);
                remove(members == Members.MOST_EMPTY ? one.resolve("data") : one);
                remove(members == Members.MOST_EMPTY ? two.resolve("data") : two);
            }
            case MOST_FROZEN -> {
                set.signal(primary, "STOP");
                set.signal(second, "STOP");
            }
            default -> {}
        }
    }

    private void end(String... members) throws Exception {
        for (String member : members) {
            if (set.isRunning(member)) {
                set.kill(member);
            }
        }
    }

    private static void remove(Path folder) throws Exception {
        assertThat(new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor())
                .isZero();
    }

    /** Each write is acknowledged by a majority, or the test fails. */
    private void write(String primary) {
        for (int i = 0; i < WRITES; i++) {
            Document reply = set.runCommand(
                    primary,
                    "{insert: 'kept', documents: [{_id: " + next
                            + "}], writeConcern: {w: 'majority', wtimeout: 20000}}");
            assertThat(reply.containsKey("writeConcernError"))
                    .as(reply.toJson())
                    .isFalse();
            next++;
        }
    }

    private int count(int first) {
        Document reply = set.runCommand(set.awaitPrimary(), "{count: 'kept', query: {_id: {$gte: " + first + "}}}");
        return ((Number) reply.get("n")).intValue();
    }
}
