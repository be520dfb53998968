package dev.holdfast.cli.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.files.WriteHistoryFile;
import dev.holdfast.cli.load.LiveLoadGenerator;
import dev.holdfast.drill.LoadGenerator;
import dev.holdfast.execution.Credentials;
import dev.holdfast.ledger.FailureReason;
import dev.holdfast.ledger.Outage;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.ledger.WriteHistory;
import dev.holdfast.ledger.WriteOutcome;
import dev.holdfast.ledger.WriteReconciliation;
import dev.holdfast.model.Node;
import dev.holdfast.model.SecretRef;
import dev.holdfast.plan.ClientEndpoint;
import dev.holdfast.plan.Workload;
import dev.holdfast.plan.Workload.Stream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The witness before real servers that are killed, frozen and made to wait. */
@Tag("real")
class LoadGeneratorTest {

    private static final Credentials POSTGRES = new Credentials("postgres", new SecretRef("loose/admin"), "");

    @TempDir
    Path folder;

    private final TestServers servers = new TestServers();
    private LiveLoadGenerator loadGenerator;

    @AfterEach
    void close() throws IOException {
        if (loadGenerator != null) {
            loadGenerator.close();
        }
        servers.close();
    }

    private Path record() {
        return folder.resolve("writes.bin");
    }

    private LoadGenerator loadGenerator(Workload workload) throws IOException {
        loadGenerator = new LiveLoadGenerator(
                new SecretStore(
                        folder,
                        Map.of("loose/admin", new SecretRef.Source.Env("LOOSE")),
                        Map.of("LOOSE", TestServers.PASSWORD),
                        true),
                folder);
        loadGenerator.prepare(workload);
        loadGenerator.start();
        return loadGenerator;
    }

    private static Workload workload(Duration deadline, Stream... streams) {
        return new Workload("t1", List.of(streams), deadline, 64);
    }

    private static Stream through(ClientEndpoint endpoint, int perSecond, int lanes) {
        return new Stream("writes", "loose", "servers", endpoint, true, perSecond, lanes);
    }

    private static ClientEndpoint postgres(Node... seeds) {
        return new ClientEndpoint.Sql(List.of(seeds), seeds.length > 1, POSTGRES, "postgres", "");
    }

    @Test
    void a_killed_postgres_loses_nothing_acknowledged_and_its_outage_is_observed() throws Exception {
        Node node = servers.postgres(1);
        LoadGenerator loadGenerator = loadGenerator(workload(Duration.ofSeconds(2), through(postgres(node), 400, 4)));
        acknowledges(loadGenerator, 400);
        long broken = loadGenerator.now();
        servers.killPostgres(node);
        // the outage, which is measured below
        Patience.pause(700);
        servers.startPostgres(node);
        long before = acknowledged(loadGenerator);
        acknowledges(loadGenerator, before + 200);
        loadGenerator.stop();
        long end = loadGenerator.now();

        WriteHistory writes = WriteHistoryFile.read(record());
        ReadBackResult found = loadGenerator.readBack(0, node);
        WriteReconciliation truth = WriteReconciliation.of(writes, found);
        assertThat(truth.lost()).isEmpty();
        assertThat(truth.ghosts()).isEmpty();
        assertThat(truth.duplicates()).isEmpty();
        assertThat(truth.reordered()).isEmpty();
        assertThat(truth.refused()).isPositive();
        assertThat(truth.acknowledged())
                .isEqualTo((int) loadGenerator.tallies().get(0).acknowledged());
        Outage outage = Outage.of(writes, 0, broken, end);
        assertThat(outage.noticed()).isGreaterThan(50);
        assertThat(outage.recovery().orElseThrow()).isBetween(700_000_000L, end - broken);
        loadGenerator.clear();
        assertThat(servers.psql(node, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE \\$\\$holdfast%\\$\\$")
                        .strip())
                .isEqualTo("0");
    }

    @Test
    void a_cancelled_wait_for_the_standby_is_not_an_acknowledgement_although_the_row_is_there() throws Exception {
        Node node = servers.postgres(1);
        LoadGenerator loadGenerator = loadGenerator(workload(Duration.ofSeconds(20), through(postgres(node), 50, 2)));
        acknowledges(loadGenerator, 20);
        servers.psql(node, "ALTER SYSTEM SET synchronous_standby_names TO nobody");
        servers.psql(node, "SELECT pg_reload_conf()");
        String waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = \\$\\$SyncRep\\$\\$"
                + " AND application_name = \\$\\$holdfast-witness\\$\\$";
        Patience.until(
                "both lanes wait for the standby",
                () -> servers.psql(node, waiting).strip().equals("2"));
        long before = acknowledged(loadGenerator);
        servers.psql(
                node,
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = \\$\\$holdfast-witness\\$\\$");
        Patience.until(
                "two writes are indeterminate",
                () -> loadGenerator.tallies().get(0).indeterminate() >= 2);
        servers.psql(node, "ALTER SYSTEM SET synchronous_standby_names TO DEFAULT");
        servers.psql(node, "SELECT pg_reload_conf()");
        acknowledges(loadGenerator, before + 20);
        loadGenerator.stop();

        WriteHistory writes = WriteHistoryFile.read(record());
        WriteReconciliation truth = WriteReconciliation.of(writes, loadGenerator.readBack(0, node));
        assertThat(truth.indeterminatePresent()).hasSize(2);
        assertThat(writes.reason(truth.indeterminatePresent().get(0))).isEqualTo(FailureReason.SYNC_WAIT_CANCELLED);
        assertThat(truth.lost()).isEmpty();
        assertThat(truth.reordered()).isEmpty();
    }

    @Test
    void a_write_that_was_acknowledged_and_then_removed_is_named_as_lost() throws Exception {
        Node node = servers.postgres(1);
        LoadGenerator loadGenerator = loadGenerator(workload(Duration.ofSeconds(2), through(postgres(node), 200, 2)));
        acknowledges(loadGenerator, 50);
        loadGenerator.stop();
        ReadBackResult all = loadGenerator.readBack(0, node);
        long lostId = all.ids()[10];
        servers.psql(node, "DELETE FROM holdfast_witness.run_t1_0 WHERE id = " + lostId);
        servers.psql(
                node,
                "INSERT INTO holdfast_witness.run_t1_0 (id, payload) VALUES (999999, convert_to(chr(65), current_setting(\\$\\$server_encoding\\$\\$)))");
        servers.psql(
                node,
                "INSERT INTO holdfast_witness.run_t1_0 (id, payload) SELECT id, payload FROM holdfast_witness.run_t1_0 WHERE id = "
                        + all.ids()[11]);

        WriteReconciliation truth =
                WriteReconciliation.of(WriteHistoryFile.read(record()), loadGenerator.readBack(0, node));
        assertThat(truth.lost()).containsExactly((int) lostId);
        assertThat(truth.ghosts()).containsExactly(999999L);
        assertThat(truth.duplicates()).containsExactly(all.ids()[11]);
    }

    @Test
    void a_killed_mongodb_primary_loses_no_majority_write() throws Exception {
        List<Node> set = List.of(servers.mongod(1, "rs"), servers.mongod(2, "rs"), servers.mongod(3, "rs"));
        TestReplicaSet.initiate("rs", set);
        Stream majority = new Stream("majority", "loose", "rs", mongo(set, "majority"), true, 300, 4);
        Stream one = new Stream("one", "loose", "rs", mongo(set, "1"), false, 300, 4);
        LoadGenerator loadGenerator = loadGenerator(workload(Duration.ofSeconds(2), majority, one));
        acknowledges(loadGenerator, 300);

        Node first = TestReplicaSet.primary(set);
        long killed = loadGenerator.now();
        servers.signal(first, "KILL");
        TestReplicaSet.primaryOtherThan(first, set);
        resumes(loadGenerator);
        servers.startMongod(first, "rs");
        TestReplicaSet.whole(set);
        loadGenerator.stop();
        long end = loadGenerator.now();

        WriteHistory writes = WriteHistoryFile.read(record());
        Node last = TestReplicaSet.primary(set);
        WriteReconciliation promised = WriteReconciliation.of(writes, loadGenerator.readBack(0, last));
        WriteReconciliation fast = WriteReconciliation.of(writes, loadGenerator.readBack(1, last));
        assertThat(promised.lost()).isEmpty();
        assertThat(promised.ghosts()).isEmpty();
        assertThat(promised.reordered()).isEmpty();
        assertThat(fast.ghosts()).isEmpty();
        assertThat(Outage.of(writes, 0, killed, end).recovery().orElseThrow()).isBetween(1_000_000_000L, end - killed);
    }

    private static ClientEndpoint mongo(List<Node> seeds, String w) {
        return new ClientEndpoint.Documents(
                seeds, "rs", "", Credentials.ANONYMOUS, "holdfast_witness", w, Optional.empty());
    }

    private static long acknowledged(LoadGenerator loadGenerator) {
        return loadGenerator.tallies().get(0).acknowledged();
    }

    private static void resumes(LoadGenerator loadGenerator) {
        long before = acknowledged(loadGenerator);
        acknowledges(loadGenerator, before + 300);
    }

    /** Waits until more writes than that are acknowledged. */
    private static void acknowledges(LoadGenerator loadGenerator, long count) {
        Patience.until("more than " + count + " writes are acknowledged", () -> acknowledged(loadGenerator) > count);
    }

    @Test
    void fates_have_names_that_do_not_move() {
        assertThat(WriteOutcome.values()).extracting(Enum::ordinal).containsExactly(0, 1, 2, 3);
        assertThat(WriteOutcome.INDETERMINATE.ordinal()).isEqualTo(3);
    }
}
