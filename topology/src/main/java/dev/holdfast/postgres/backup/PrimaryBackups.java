package dev.holdfast.postgres.backup;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCredentials;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The base backups of the primary's system, without the archive.
 *
 * @param repository empty unless exactly one primary answers
 * @param silent the members that do not answer while no other one is primary; any of them can be the primary
 */
record PrimaryBackups(Optional<RepositoryState> repository, List<String> silent) {

    private static final PrimaryBackups NONE = new PrimaryBackups(Optional.empty(), List.of());

    static PrimaryBackups look(ExecutionContext context, PostgresCluster cluster, RepositoryProbe probe) {
        List<Node> servers = cluster.servers();
        List<ActionResult> answers = context.askAll(servers.stream()
                .<Action>map(n -> new Action.RunSql(
                        n,
                        PostgresCredentials.admin(cluster),
                        PostgresCluster.ADMIN,
                        Script.of("postgres/primary-system.sql"),
                        Access.LOOK,
                        ClusterProbe.SOON))
                .toList());
        List<Integer> primaries = IntStream.range(0, servers.size())
                .filter(i -> answers.get(i).row().get("system") instanceof String)
                .boxed()
                .toList();
        if (primaries.size() == 1) {
            int primary = primaries.get(0);
            String system = answers.get(primary).row().get("system").toString();
            return of(probe.backups(context, servers.get(primary), system));
        }
        boolean isComplete = answers.stream().allMatch(ActionResult::isOk);
        return isComplete || !primaries.isEmpty() ? NONE : again(context, probe);
    }

    private static PrimaryBackups of(RepositoryState repository) {
        return new PrimaryBackups(Optional.of(repository), List.of());
    }

    /**
     * Asks the members a second time, and their hosts whether they run. The first query may have failed because of high load;
     * without an answer an overdue base backup would not be named. A server that its host reports as stopped has no primary.
     */
    private static PrimaryBackups again(ExecutionContext context, RepositoryProbe probe) {
        PostgresState now = probe.servers(context);
        Optional<MemberState> primary = now.primary();
        if (primary.isPresent()) {
            return of(probe.backups(context, primary.get().node(), primary.get().systemIdentifier()));
        }
        List<String> silent = now.members().stream()
                .filter(m -> m.state() == NodeAvailability.SILENT)
                .map(MemberState::name)
                .toList();
        // where the password is not known here, the observation of the servers says so
        boolean isUnknown = now.primaries().isEmpty() && now.withoutPassword().isEmpty();
        return isUnknown ? new PrimaryBackups(Optional.empty(), silent) : NONE;
    }
}
