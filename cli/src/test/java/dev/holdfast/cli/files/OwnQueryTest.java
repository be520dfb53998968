package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BuiltIns;
import dev.holdfast.engine.DrillProfile;
import dev.holdfast.engine.DrillProfile.OwnQuery;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.SqlFragment;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The query of a user's own data after a drill, as each engine executes it. */
@Tag("unit")
class OwnQueryTest {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final OwnQuery COMMAND =
            new OwnQuery("social", "{ \"count\": \"message\" }", Map.of("count", "message"));
    private static final OwnQuery SQL = new OwnQuery("", "SELECT 1", Map.of());

    private static Written example(String name) throws IOException {
        return Written.text(Files.readString(Written.EXAMPLES.resolve(name + "/topology.yaml")));
    }

    private static DrillProfile profile(Written written, Cluster cluster) {
        return BuiltIns.engine(cluster.engine()).drillProfile(written.topology(), cluster);
    }

    @Test
    void a_sharded_cluster_answers_a_command_through_its_first_router() throws IOException {
        Written written = example("swapskill");
        Action.RunDocumentCommand action = (Action.RunDocumentCommand) profile(written, written.cluster("social"))
                .query(COMMAND, Optional.empty(), DEADLINE)
                .orElseThrow();
        assertThat(action.node().kind()).isEqualTo(Node.Kind.MONGOS);
        assertThat(action.database()).isEqualTo("social");
        assertThat(action.script().file()).isEqualTo("mongodb/invariant.json");
        assertThat(action.script().values()).containsEntry("command", Map.of("count", "message"));
        assertThat(action.intent()).isEqualTo(Access.LOOK);
    }

    @Test
    void a_replica_set_answers_a_command_on_its_primary_and_not_without_one() throws IOException {
        Written written = example("replica-set");
        Cluster cluster = written.topology().clusters().get(0);
        DrillProfile profile = profile(written, cluster);
        Node primary = cluster.nodes().get(0);
        assertThat(profile.query(COMMAND, Optional.of(primary), DEADLINE).orElseThrow())
                .isInstanceOfSatisfying(
                        Action.RunDocumentCommand.class,
                        a -> assertThat(a.node()).isEqualTo(primary));
        assertThat(profile.query(COMMAND, Optional.empty(), DEADLINE)).isEmpty();
    }

    /** A failed query leaves the transaction aborted, so the session must not be one that is used again. */
    @Test
    void a_primary_answers_sql_in_a_session_that_is_not_used_again() throws IOException {
        Written written = example("swapskill");
        Cluster payments = written.cluster("payments");
        DrillProfile profile = profile(written, payments);
        Node primary = payments.nodes().get(0);
        Action.RunSql action = (Action.RunSql)
                profile.query(SQL, Optional.of(primary), DEADLINE).orElseThrow();
        assertThat(action.node()).isEqualTo(primary);
        assertThat(action.script().file()).isEqualTo("postgres/invariant.sql");
        assertThat(action.script().values()).containsEntry("statement", new SqlFragment("SELECT 1"));
        assertThat(action.intent()).isEqualTo(Access.CHANGE);
        assertThat(profile.query(SQL, Optional.empty(), DEADLINE)).isEmpty();
    }
}
