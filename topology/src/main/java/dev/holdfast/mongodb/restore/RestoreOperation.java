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
 * Brings a cluster back to a moment, on servers that nobody uses until it was verified.
 *
 * <ol>
 *   <li>In place: clients are kept out, the members stopped and fenced, their data kept aside: see {@link InPlaceRestoreStages}.
 *   <li>On one member of each set the moment is brought back: see {@link ReplicaSetRestoreSteps} and {@link ReplicaSetRenameSteps}.
 *   <li>Of these sets a cluster is made, and verified: see {@link ClusterAssemblySteps}.
 *   <li>In place: a new copy is made, for the archive begins anew behind the moment.
 * </ol>
 */
public final class RestoreOperation {

    private final RestoreDestination target;
    private final BackupRepository repository;
    private final String source;
    private final List<MongoSet> sets;
    private final RestoreRequest request;
    /** What was found at the first look; a moment does not change while it is brought back. */
    private final AtomicReference<ResolvedTarget> found = new AtomicReference<>();
    /** What the repository held then; what is brought back is chosen from it. */
    private final AtomicReference<RepositoryState> stock = new AtomicReference<>();
    /** What was free then: what is unpacked later takes from it, and is not wanted any more. */
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
        List<Stage<RestoreState>> acts = new ArrayList<>();
        boolean isInPlace = restore.target.isInPlace();
        if (isInPlace) {
            acts.add(restore.act("clients", state -> new InPlaceRestoreStages(state).clients()));
            acts.add(restore.act("aside", state -> new InPlaceRestoreStages(state).aside()));
        }
        acts.add(restore.folders("return", ReplicaSetRestoreSteps::steps));
        acts.add(restore.folders("copies", ReplicaSetRestoreSteps::spread));
        acts.add(restore.act("members", state -> new ClusterAssemblySteps(state).members()));
        acts.add(restore.act("sets", state -> new ClusterAssemblySteps(state).sets()));
        acts.add(restore.act("passwords", state -> new ClusterAssemblySteps(state).passwords()));
        acts.add(restore.act("routers", state -> new ClusterAssemblySteps(state).routers()));
        acts.add(restore.act("proof", state -> new ClusterAssemblySteps(state).proof()));
        Runbook<RestoreState> book = new Runbook<>(
                cluster.name(),
                "Bring " + cluster.name() + " back to " + request.moment().shown(),
                restore::look,
                acts);
        return new Operation<>(
                book,
                restore::decide,
                isInPlace ? Optional.of(BackupRunbook.of(topology, cluster, BackupType.FULL)) : Optional.empty());
    }

    private Stage<RestoreState> act(String name, Function<RestoreState, Plan> part) {
        return new Stage<>(name, when(part));
    }

    /** Its servers are down before and after it: all that it changes is how far their folders are. */
    private Stage<RestoreState> folders(String name, Function<ReplicaSetRestoreSteps, List<Step>> part) {
        return new Stage<>(name, when(state -> sets(state, part)), Optional.of(RestoreState::again));
    }

    /** Ends the scratch servers and removes their folders. */
    public static Runbook<MongoState> discard(Topology topology, MongoCluster cluster, String label) {
        RestoreDestination target = RestoreDestination.sideBySide(topology, cluster, label);
        return DestroyRunbook.of(target.topology(), target.cluster());
    }

    public static Runbook<?> undo(Topology topology, MongoCluster cluster) {
        return new RestoreUndo(topology, cluster).book();
    }

    /** Each set's server of a restore beside, by the set's name; empty unless all of them answer. */
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
        Map<Node, HostFacts> footings = new LinkedHashMap<>();
        AtomicReference<RestoreState.Folders> observed = new AtomicReference<>();
        Map<Node, MongoDocument> hellos = new LinkedHashMap<>();
        context.sideBySide(List.<Supplier<Boolean>>of(
                () -> {
                    if (stock.get() == null) {
                        stock.set(RepositoryState.look(context, repository, sets));
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
                    footings.putAll(HostFacts.look(
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
                    "MongoDB's archive has neither timelines nor systems: every moment lies in one window at most",
                    "leave --timeline and --system out; holdfast backup list shows the windows");
            found.set(resolvedTarget);
        }
        if (resolvedTarget == null) {
            RecoveryTarget moment = moment(progress.values());
            resolvedTarget = target.isInPlace() && !request.isUnread() && isUntouched(progress.values())
                    ? new CompleteTargetSearch(context, stock.get(), source).find(moment)
                    : new RecoveryTargetResolver(context, stock.get(), source).find(moment);
            if (resolvedTarget.isFound() && target.isInPlace() && request.isAgain()) {
                resolvedTarget = resolvedTarget.under(again(resolvedTarget.order(), progress.values(), context.now()));
            }
            found.set(resolvedTarget);
        }
        return new RestoreState(
                context.now(),
                request,
                target,
                stock.get(),
                resolvedTarget,
                diskSpace.get(),
                observed.get().confirmed(footings),
                progress,
                hellos);
    }

    /** What was latest when a killed run began is what it goes on with. */
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

    /** No restore is under way there: what an earlier one has begun is stopped already. */
    private static boolean isUntouched(Collection<Progress> progress) {
        return progress.stream().allMatch(p -> p.state().isEmpty() || p.isDone());
    }

    /** Only what answers as the member of a set, or as a router. */
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

    /** Names a restore that is made once more; one that was begun so and is not done keeps its name. */
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
        String operation =
                "bring " + source + " back to " + state.resolvedTarget().moment() + " on " + target.shown();
        return RoleChangeDecision.assessment(source, operation, decision, Duration.ZERO);
    }

    private Function<RestoreState, Plan> when(Function<RestoreState, Plan> part) {
        return state -> {
            Decision<RoleChangeDecision> decision = DecisionRule.decide(RestoreDecision.TABLE, state);
            return switch (decision.then().kind()) {
                case GO -> part.apply(state);
                case NOTHING -> Plan.NOTHING;
                case REFUSED -> Plan.refused(List.of(RoleChangeDecision.refusal(source, decision)));
            };
        };
    }

    private Plan sets(RestoreState state, Function<ReplicaSetRestoreSteps, List<Step>> part) {
        if (target.isInPlace() && !InPlaceRestoreStages.isCleared(state)) {
            return Plan.NOTHING;
        }
        return Plan.of(target.cluster().allSets().stream()
                .flatMap(s -> state.resolvedTarget().picks().containsKey(s.name())
                        ? part.apply(new ReplicaSetRestoreSteps(state, s)).stream()
                        : Stream.empty())
                .toList());
    }
}
