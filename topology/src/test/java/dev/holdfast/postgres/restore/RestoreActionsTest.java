package dev.holdfast.postgres.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Script;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.topology.BackupRepository;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A restored copy is not altered by background jobs before it was verified, and never takes part in the source's work. */
@Tag("unit")
class RestoreActionsTest {

    private static String lines(Action action, String file) {
        return ((Script) action.script().values().get(file)).values().toString();
    }

    private static Action configured(boolean isSideBySide) {
        Trio trio = new Trio();
        PostgresCluster cluster = trio.cluster();
        BackupRepository repository = new BackupRepository(
                "/b",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofMinutes(1),
                Optional.empty(),
                Optional.empty());
        PgBackRestConfig source = new PgBackRestConfig(trio.estate(), cluster, repository);
        return new RestoreActions(trio.estate(), cluster, source, isSideBySide)
                .configure(cluster.members().get(0), Map.of("recovery_target_action", "pause"));
    }

    @Test
    void the_role_of_a_server_that_is_restored_keeps_its_jobs_off() {
        for (boolean isSideBySide : new boolean[] {true, false}) {
            Action action = configured(isSideBySide);
            assertThat(lines(action, "role"))
                    .contains("recovery_target_action = 'pause'")
                    .contains("autovacuum = 'off'")
                    .contains("cron.launch_active_jobs = 'off'");
            assertThat(lines(action, "settings"))
                    .as("the later file would override the role")
                    .doesNotContain("autovacuum");
        }
    }

    @Test
    void a_side_by_side_copy_never_subscribes_and_runs_no_scheduled_jobs() {
        assertThat(lines(configured(true), "settings"))
                .contains("max_logical_replication_workers = '0'")
                .contains("cron.launch_active_jobs = 'off'")
                .contains("archive_mode = 'off'");
        assertThat(lines(configured(false), "settings")).doesNotContain("max_logical_replication_workers");
    }
}
