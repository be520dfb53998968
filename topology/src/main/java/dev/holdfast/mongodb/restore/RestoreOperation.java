package dev.holdfast.mongodb.restore;

import dev.holdfast.backup.BackupType;
import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.Operation;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.backup.BackupRunbook;
import dev.holdfast.mongodb.backup.RepositoryState;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.restore.RestoreState.Progress;
import dev.holdfast.mongodb.rolechange.RoleChangeDecision;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The operation that restores a cluster to a recovery target, on servers that no client uses until the verification.
 *
 * <ol>
 *   <li>In place: routers and members are stopped, and the members' data is set aside: see {@link InPlaceRestoreStages}.
 *   <li>One member of each set is restored: see {@link ReplicaSetRestoreSteps} and {@link ReplicaSetRenameSteps}.
 *   <li>The sets are assembled to a cluster and verified: see {@link ClusterAssemblySteps}.
 *   <li>In place: a new backup is made, because the oplog archive starts over after the target.
 * </ol>
 */
public final class RestoreOperation {

    private final RestoreDestination target;
    private final BackupRepository repository;
    private final String source;
    private final List<MongoSet> sets;
    private final RestoreRequest request;
    /** The target of the first observation; it does not change during the restore. */
    private final AtomicReference<ResolvedTarget> found = new AtomicReference<>();
    /** The repository's contents at that time, from which the sources are selected. */
    private final AtomicReference<RepositoryState> repositoryState = new AtomicReference<>();
    /** The free space at that time; later values would count unpacked backups twice. */
    private final AtomicReference<DiskSpaceCheck> diskSpace = new AtomicReference<>();

    private RestoreOperation(Topology topology, MongoCluster cluster, RestoreRequest request) {
        Topology from = request.into() instanceof RestoreRequest.OtherEstate elsewhere ? elsewhere.source() : topology;
        MongoCluster original = (MongoCluster) from.cluster(cluster.name()).orElse(cluster);
        this.target = RestoreDestination.of(topology, cluster, request);
        this.repository = BackupRepository.of(from, original);
        this.source = from.name() + "/" + cluster.name();
        this.sets = original.allSets();
        this.request = request;
    }

    public static Operation<RestoreState> of(Topology topology, MongoCluster cluster, RestoreRequest request) {
        RestoreOperation restore = new RestoreOperation(topology, cluster, request);
        List<Stage<RestoreState>> stages = new ArrayList<>();
        boolean isInPlace = restore.target.isInPlace();
        if (isInPlace) {
            stages.add(restore.stage("clients", state -> new InPlaceRestoreStages(state).clients()));
            stages.add(restore.stage("aside", state -> new InPlaceRestoreStages(state).aside()));
        }
        stages.add(restore.folders("replay", ReplicaSetRestoreSteps::steps));
        stages.add(restore.folders("other members", ReplicaSetRestoreSteps::copyToMembers));
        stages.add(restore.stage("members", state -> new ClusterAssemblySteps(state).members()));
        stages.add(restore.stage("sets", state -> new ClusterAssemblySteps(state).sets()));
        stages.add(restore.stage("passwords", state -> new ClusterAssemblySteps(state).passwords()));
        stages.add(restore.stage("routers", state -> new ClusterAssemblySteps(state).routers()));
        stages.add(restore.stage("proof", state -> new ClusterAssemblySteps(state).proof()));
        Runbook<RestoreState> runbook = new Runbook<>(
                cluster.name(),
                "Restore " + cluster.name() + " to " + request.moment().shown(),
                restore::look,
                stages);
        return new Operation<>(
                runbook,
                restore::decide,
                isInPlace ? Optional.of(BackupRunbook.of(topology, cluster, BackupType.FULL)) : Optional.empty());
    }

    private Stage<RestoreState> stage(String name, Function<RestoreState, Plan> planner) {
        return new Stage<>(name, when(planner));
    }

    /** Observes again only the progress in the directories: the servers are stopped before and after these stages. */
    private Stage<RestoreState> folders(String name, Function<ReplicaSetRestoreSteps, List<Step>> planner) {
        return new Stage<>(name, when(state -> sets(state, planner)), Optional.of(RestoreState::again));
    }

    /** Returns the runbook that ends the side-by-side servers and removes their directories. */
    public static Runbook<MongoState> discard(Topology topology, MongoCluster cluster, String label) {
        RestoreDestination target = RestoreDestination.sideBySide(topology, cluster, label);
        return DestroyRunbook.of(target.topology(), target.cluster());
    }

    public static Runbook<?> undo(Topology topology, MongoCluster cluster) {
        return new RestoreUndo(topology, cluster).runbook();
    }

    /** Returns each set's server of a side-by-side restore, by set name; empty unless all answer. */
    public static Map<String, Node> scratchNodes(
            ExecutionContext context, Topology topology, MongoCluster cluster, String label) {
        List<MongoSet> sets = RestoreDestination.sideBySide(topology, cluster, label)
                .cluster()
                .allSets();
        Map<String, Node> servers = new LinkedHashMap<>();
        sets.forEach(set -> ClusterConditions.primary(context, set).ifPresent(p -> servers.put(set.name(), p)));
        return servers.size() == sets.size() ? servers : Map.of();
    }

    private RestoreState look(ExecutionContext context) {
        List<Node> nodes = target.cluster().nodes();
        Map<Node, Progress> progress = new LinkedHashMap<>();
        Map<Node, HostFacts> hostFacts = new LinkedHashMap<>();
        AtomicReference<RestoreState.Folders> observed = new AtomicReference<>();
        Map<Node, MongoDocument> hellos = new LinkedHashMap<>();
        context.sideBySide(List.<Supplier<Boolean>>of(
                () -> {
                    if (repositoryState.get() == null) {
                        repositoryState.set(RepositoryState.look(context, repository, sets));
                    }
                    return true;
                },
                () -> {
                    RestoreState.Folders folders = RestoreState.folders(context, nodes, diskSpace.get() == null);
                    diskSpace.compareAndSet(null, folders.diskSpace());
                    progress.putAll(folders.progress());
                    observed.set(folders);
                    return true;
                },
                () -> {
                    hostFacts.putAll(HostFacts.look(
                            context, target.topology().name(), nodes, ServerProcess::pidFile, List.of()));
                    return true;
                },
                () -> {
                    hellos.putAll(hellos(context, nodes));
                    return true;
                }));
        ResolvedTarget resolvedTarget = found.get();
        if (resolvedTarget == null
                && (request.timeline().isPresent() || request.system().isPresent())) {
            resolvedTarget = ResolvedTarget.none(
                    "MongoDB's archive has no timelines and no system identifiers",
                    "omit --timeline and --system; holdfast backup list shows the recovery windows");
            found.set(resolvedTarget);
        }
        if (resolvedTarget == null) {
            RecoveryTarget moment = moment(progress.values());
            resolvedTarget = target.isInPlace() && !request.isUnread() && isUntouched(progress.values())
                    ? new CompleteTargetSearch(context, repositoryState.get(), source).find(moment)
                    : new RecoveryTargetResolver(context, repositoryState.get(), source).find(moment);
            if (resolvedTarget.isFound() && target.isInPlace() && request.isAgain()) {
                resolvedTarget = resolvedTarget.under(again(resolvedTarget.order(), progress.values(), context.now()));
            }
            found.set(resolvedTarget);
        }
        return new RestoreState(
                context.now(),
                request,
                target,
                repositoryState.get(),
                resolvedTarget,
                diskSpace.get(),
                observed.get().confirmed(hostFacts),
                progress,
                hellos);
    }

    /** Returns the target of a killed run of {@code latest}, which the next run keeps. */
    private RecoveryTarget moment(Collection<Progress> progress) {
        return request.moment() instanceof RecoveryTarget.Latest
                ? progress.stream()
                        .filter(p -> !p.isDone() && p.order().endsWith(" of " + source))
                        .map(p -> ClusterTime.of(p.order().replaceFirst(" .*", "")))
                        .filter(ClusterTime::isKnown)
                        .<RecoveryTarget>map(s -> new RecoveryTarget.ClusterTime(s.seconds(), s.increment()))
                        .findFirst()
                        .orElse(request.moment())
                : request.moment();
    }

    /** Returns whether no restore has begun there. */
    private static boolean isUntouched(Collection<Progress> progress) {
        return progress.stream().allMatch(p -> p.state().isEmpty() || p.isDone());
    }

    /** Returns the servers that answer as a member of a set or as a router. */
    private static Map<Node, MongoDocument> hellos(ExecutionContext context, List<Node> nodes) {
        Map<Node, MongoDocument> hellos = new LinkedHashMap<>();
        List<MongoDocument> documents = ServerQueries.hellos(context, nodes);
        for (int i = 0; i < nodes.size(); i++) {
            boolean inSet = nodes.get(i).kind() == Node.Kind.MONGOS
                    || !documents.get(i).text("setName").isEmpty();
            hellos.put(nodes.get(i), inSet ? documents.get(i) : MongoDocument.EMPTY);
        }
        return hellos;
    }

    /** Names a repeated restore; one that has begun and has not ended keeps its name. */
    private static String again(String order, Collection<Progress> progress, Instant now) {
        String head = order + " again, ";
        return progress.stream()
                .filter(p -> p.order().startsWith(head) && !p.isDone())
                .map(Progress::order)
                .findFirst()
                .orElse(head + now.truncatedTo(ChronoUnit.SECONDS));
    }

    private Operation.Assessment decide(RestoreState state) {
        Decision<RoleChangeDecision> decision = DecisionRule.decide(RestoreDecision.TABLE, state);
        String operation = "restore " + source + " to " + state.resolvedTarget().moment() + " on " + target.shown();
        return RoleChangeDecision.assessment(source, operation, decision, Duration.ZERO);
    }

    private Function<RestoreState, Plan> when(Function<RestoreState, Plan> planner) {
        return state -> {
            Decision<RoleChangeDecision> decision = DecisionRule.decide(RestoreDecision.TABLE, state);
            return switch (decision.then().kind()) {
                case GO -> planner.apply(state);
                case NOTHING -> Plan.NOTHING;
                case REFUSED -> Plan.refused(List.of(RoleChangeDecision.refusal(source, decision)));
            };
        };
    }

    private Plan sets(RestoreState state, Function<ReplicaSetRestoreSteps, List<Step>> planner) {
        if (target.isInPlace() && !InPlaceRestoreStages.isCleared(state)) {
            return Plan.NOTHING;
        }
        return Plan.of(target.cluster().allSets().stream()
                .flatMap(s -> state.resolvedTarget().picks().containsKey(s.name())
                        ? planner.apply(new ReplicaSetRestoreSteps(state, s)).stream()
                        : Stream.empty())
                .toList());
    }
}
