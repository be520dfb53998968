package dev.holdfast.mongodb.backup;

import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunDocumentCommand;
import dev.holdfast.execution.Action.RunScript;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.Script;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The steps of one backup of a MongoDB cluster, from the stop of the balancer to the removal of expired backups.
 *
 * @param label the label of its backups
 */
record BackupSteps(
        Topology topology, MongoCluster cluster, BackupRepository repository, BackupState state, String label) {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration LOCK = Duration.ofMinutes(3);
    private static final Duration COPY = Duration.ofHours(12);
    private static final String NOTE = "balancer";

    private static RunScript exec(Host host, Script script, Duration deadline) {
        return new RunScript(host, script, Access.CHANGE, deadline);
    }

    private Script about(String file) {
        return Script.of("mongodb/" + file).with("root", repository.root());
    }

    private BackupSources sources() {
        return new BackupSources(cluster, repository, state, label);
    }

    /** Returns the reasons why no backup can be made, before any change. */
    List<Refusal> refusals(boolean lab) {
        return sources().refusals(lab);
    }

    Plan ready() {
        Condition there = new Condition("the repository has a mark", context -> {
            String mark = RepositoryMount.look(context, BackupRepository.HERE, repository.root(), "/nowhere")
                    .mark();
            return new ProbeResult(!mark.isEmpty(), mark.isEmpty() ? "the repository has no mark" : mark);
        });
        List<Step> steps = new ArrayList<>();
        if (state.here().mark().isEmpty()) {
            steps.add(Step.on(cluster.name(), "Create repository " + repository.root())
                    .because("the repository will contain backups and the oplog archive")
                    .type(exec(
                            BackupRepository.HERE,
                            about("repository-create.sh")
                                    .with("mark", topology.name() + " " + cluster.name() + " " + label),
                            SOON))
                    .until(there, SOON));
        }
        return Plan.of(steps);
    }

    Plan unlockLeft() {
        List<Step> steps = new ArrayList<>();
        for (NodeState left : state.locked().keySet()) {
            steps.add(Step.on(left.node().id(), "Unlock " + left.node().id())
                    .because(left.node().name() + " is locked for a backup, and not by this run")
                    .type(unlock(left), exec(left.node().host(), end(left.node()), SOON))
                    .until(locked(left, false), SOON));
        }
        return Plan.of(steps);
    }

    private Condition locked(NodeState member, boolean desired) {
        return new Condition(
                member.node().id() + (desired ? " is locked, and all its data is on disk" : " is not locked"),
                context -> {
                    boolean locked = BackupState.isLocked(context, member);
                    return new ProbeResult(
                            locked == desired, member.node().name() + (locked ? " is locked" : " is not locked"));
                });
    }

    private static RunDocumentCommand order(NodeState member, String file, Duration deadline) {
        return new RunDocumentCommand(
                member.node(), member.login(), "admin", Script.of("mongodb/" + file), Access.CHANGE, deadline);
    }

    private static RunDocumentCommand unlock(NodeState member) {
        return order(member, "backup-unlock.json", SOON);
    }

    private static Script end(Node node) {
        return Script.of("mongodb/backup-guard-stop.sh").with("directory", node.directory());
    }

    private static Script guard(Node node) {
        Script guard = Script.of("mongodb/backup-guard.sh")
                .with("directory", node.directory())
                .with("estate", node.host().directory());
        return Script.of("mongodb/backup-guard-start.sh")
                .with("directory", node.directory())
                .with("estate", node.host().directory())
                .with("guard", guard);
    }

    Plan stopBalancer() {
        if (!cluster.isSharded() || !state.mongo().sharding().balancer()) {
            return Plan.NOTHING;
        }
        Script note = Script.of("mongodb/repository-write-note.sh")
                .with("root", repository.root())
                .with("note", NOTE)
                .with("line", label);
        return Plan.of(List.of(Step.on(cluster.name(), "Stop the balancer")
                .because("chunks must not move while sets are backed up one after another; Holdfast turns the balancer"
                        + " on afterwards")
                .type(exec(BackupRepository.HERE, note, SOON), AdminCommands.balancer(router(), admin(), false))
                .until(balancer(false), Duration.ofMinutes(5))));
    }

    Plan startBalancer() {
        if (!state.repositoryState().balancerNoted() || !cluster.isSharded()) {
            return Plan.NOTHING;
        }
        Script removal = about("repository-remove-note.sh").with("note", NOTE);
        Condition done = new Condition("the balancer is on, and no record says that a backup stopped it", context -> {
            ProbeResult on = balancer(true).look().at(context);
            boolean noted =
                    RepositoryState.look(context, repository, cluster.allSets()).balancerNoted();
            return new ProbeResult(on.holds() && !noted, on.observed());
        });
        return Plan.of(List.of(Step.on(cluster.name(), "Turn the balancer on after the backup")
                .because("the balancer was on before the backup")
                .type(AdminCommands.balancer(router(), admin(), true), exec(BackupRepository.HERE, removal, SOON))
                .until(done, Duration.ofMinutes(2))));
    }

    private Condition balancer(boolean on) {
        return new Condition("the balancer is " + (on ? "on" : "off and idle"), context -> {
            MongoDocument status =
                    MongoDocument.of(ServerQueries.ask(context, router(), admin(), "balancer-status.json")
                            .row());
            boolean off = status.text("mode").equals("off") && !status.is("inBalancerRound");
            return new ProbeResult(
                    !status.isEmpty() && (on ? !status.text("mode").equals("off") : off),
                    "the balancer mode is " + status.text("mode"));
        });
    }

    private Node router() {
        return state.mongo().routers().stream()
                .filter(NodeState::answers)
                .map(NodeState::node)
                .findFirst()
                .orElse(cluster.routers().get(0));
    }

    private Credentials admin() {
        return state.mongo().credentials().admin();
    }

    Plan lock(MongoSet set) {
        if (sources().isCopied(set) || lockedOf(set).isPresent()) {
            return Plan.NOTHING;
        }
        NodeState source = sources().source(set).orElseThrow();
        Node node = source.node();
        String because = source.isPrimary()
                ? node.name() + " is the only member with data: writes wait until the copy is complete"
                : "a locked member accepts no changes, and the other members continue";
        return Plan.of(List.of(Step.on(sources().name(set), "Lock " + node.id())
                .because(because)
                .risk(source.isPrimary() ? Risk.PAUSE : Risk.NONE)
                .type(exec(node.host(), guard(node), SOON), order(source, "backup-lock.json", LOCK))
                .revert(unlock(source), exec(node.host(), end(node), SOON))
                .until(locked(source, true), SOON)));
    }

    private Optional<NodeState> lockedOf(MongoSet set) {
        return state.locked().keySet().stream()
                .filter(m -> set.nodes().contains(m.node()))
                .findFirst();
    }

    Plan copy(MongoSet set) {
        Optional<NodeState> found = lockedOf(set);
        if (sources().isCopied(set) || found.isEmpty()) {
            return Plan.NOTHING;
        }
        NodeState source = found.get();
        Node node = source.node();
        ClusterTime top = state.locked().get(source);
        String target = repository.copy(set.name(), label);
        Script take = Script.of("mongodb/backup-copy.sh")
                .with("directory", node.directory())
                .with("target", target);
        Script seal =
                Script.of("mongodb/backup-finish.sh").with("target", target).with("facts", facts(set, source, top));
        Condition done = new Condition(
                "backup " + label + " of " + sources().name(set) + " is complete, and no member is locked", context -> {
                    boolean there = RepositoryState.look(context, repository, List.of(set))
                            .inventory(set.name())
                            .copy(label)
                            .filter(MemberBackup::isWhole)
                            .isPresent();
                    boolean locked = BackupState.isLocked(context, source);
                    return new ProbeResult(there && !locked, there ? "the backup exists" : "the backup does not exist");
                });
        return Plan.of(List.of(Step.on(sources().name(set), "Back up " + node.id() + " up to " + top)
                .because(node.name() + " is locked, and its last operation is " + top)
                .risk(source.isPrimary() ? Risk.PAUSE : Risk.NONE)
                .type(
                        exec(node.host(), take, COPY),
                        unlock(source),
                        exec(node.host(), end(node), SOON),
                        exec(node.host(), seal, COPY))
                .revert(unlock(source), exec(node.host(), end(node), SOON))
                .until(done, COPY)));
    }

    private String facts(MongoSet set, NodeState source, ClusterTime top) {
        List<String> lines = new ArrayList<>(List.of(
                "set\t" + set.name(),
                "role\t" + set.role(),
                "member\t" + source.node().id(),
                "started\t" + state.at().getEpochSecond(),
                "top\t" + top,
                "version\t" + source.reply().version(),
                "compatibility\t" + state.compatibility(),
                "cluster\t" + state.mongo().sharding().clusterId(),
                "members\t" + set.nodes().stream().map(Node::endpoint).collect(Collectors.joining(" "))));
        state.shards().forEach(s -> lines.add("shard\t" + s));
        state.collections().forEach((name, uuid) -> lines.add("collection\t" + name + "\t" + uuid));
        return String.join("\n", lines);
    }

    /**
     * Waits until the archive reaches the backup. Without an archiver it only reports that. An archive that begins after the
     * backup never contains its end, so the backup stays open.
     */
    Plan archived() {
        List<Step> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<Refusal> open = new ArrayList<>();
        for (ReplicaSetInventory inventory : state.repositoryState().inventories()) {
            Optional<ClusterTime> top = inventory.copy(label).map(MemberBackup::top);
            if (top.isEmpty() || inventory.chain(top.get()).isPresent()) {
                continue;
            }
            String where = cluster.name() + "/" + inventory.set();
            Optional<ClusterTime> next = inventory.missed(top.get());
            if (next.isPresent()) {
                open.add(new Refusal(
                        where,
                        "the backup ends at " + top.get() + ", and the archive begins at " + next.get()
                                + ", so the backup has no recovery target",
                        "holdfast backup run " + cluster.name() + " --kind full, while the archiver runs",
                        ExitCode.INCOMPLETE));
            } else if (inventory.isArchivedAt(state.at())) {
                steps.add(awaitArchive(inventory.set(), top.get()));
            } else {
                notes.add(where
                        + ": no archiver runs, so the backup has no recovery target yet; run holdfast backup archive");
            }
        }
        return new Plan(steps, List.of(), notes, List.of(), open);
    }

    private Step awaitArchive(String set, ClusterTime top) {
        Condition passed = new Condition("the archive of " + set + " has " + top, context -> {
            ReplicaSetInventory inventory =
                    RepositoryState.look(context, repository, cluster.allSets()).inventory(set);
            return new ProbeResult(
                    inventory.chain(top).isPresent(),
                    "the archive ends at "
                            + inventory
                                    .archived()
                                    .map(a -> a.stamp().toString())
                                    .orElse("nothing"));
        });
        return Step.on(cluster.name() + "/" + set, "Wait until the archive reaches the backup")
                .because("the backup has no recovery target before that")
                .until(passed, Duration.ofMinutes(2));
    }

    /** Removes expired backups and slices, and the rest of killed runs, but never the last complete backup. */
    Plan expire() {
        List<String> pieces = new RetentionPolicy(state.repositoryState(), label).pieces(keptFrom());
        if (pieces.isEmpty()) {
            return Plan.NOTHING;
        }
        Condition gone = new Condition("no expired backup or slice is left", context -> {
            List<String> left = new RetentionPolicy(RepositoryState.look(context, repository, cluster.allSets()), label)
                    .pieces(keptFrom());
            return new ProbeResult(left.isEmpty(), left.size() + " are left");
        });
        return Plan.of(List.of(Step.on(cluster.name(), "Expire " + pieces.size() + " backups and slices")
                .because("recovery targets after " + keptFrom() + " do not need them, or a killed run left them")
                .type(exec(BackupRepository.HERE, about("repository-expire.sh").with("pieces", pieces), COPY))
                .until(gone, SOON)));
    }

    private Instant keptFrom() {
        return repository.keep().map(k -> state.at().minus(k)).orElse(Instant.EPOCH);
    }
}
