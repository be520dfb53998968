package dev.holdfast.mongodb.restore;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunDocumentCommand;
import dev.holdfast.execution.Action.RunScript;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.rolechange.SwitchoverSteps;
import dev.holdfast.mongodb.topology.BackupRepository;
import dev.holdfast.mongodb.topology.DatabaseUser;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The steps that assemble restored sets to one cluster and verify it.
 *
 * <ol>
 *   <li>All members are started, without the TTL monitor and with the balancer off. Every set elects a primary, and a majority has a write of the new term.
 *   <li>The administrator's password is the target's own.
 *   <li>The routers are started; in a side-by-side restore together with the members, because passwords stay the same.
 *   <li>Verification: consistent metadata, equal content on all members of a set, a majority write.
 *   <li>The TTL monitor and the balancer run as declared; on side-by-side servers they stay off.
 *   <li>The verification is recorded in the directories and in the source repository.
 * </ol>
 */
record ClusterAssemblySteps(RestoreState state) {

    private static final Duration SOON = Duration.ofMinutes(3);
    private static final Duration LONG = Duration.ofHours(1);
    private static final String PROOF = "holdfast_restored";

    private MongoCluster cluster() {
        return state.target().cluster();
    }

    private Credentials admin() {
        return state.target().credentials().admin();
    }

    Plan members() {
        List<Step> steps = new ArrayList<>();
        for (MongoSet set : cluster().allSets()) {
            for (Member member : set.members()) {
                Node node = member.node();
                if (!state.answers(node)) {
                    steps.add(Step.on(node.id(), "Start mongod " + node.id() + " on " + node.endpoint())
                            .because("the data is restored to "
                                    + state.resolvedTarget().moment())
                            .type(new BackgroundJobs(state).start(member))
                            .until(ClusterConditions.answers(node), SOON));
                }
            }
        }
        if (state.target().isSideBySide()) {
            steps.addAll(routersStarted());
        }
        return Plan.of(steps);
    }

    Plan sets() {
        if (state.isVerified()) {
            return Plan.NOTHING;
        }
        return Plan.of(cluster().allSets().stream().map(this::elect).toList());
    }

    private Step elect(MongoSet set) {
        Credentials member = state.target().credentials().member();
        Condition leads = new Condition(
                "a majority of " + set.name() + " has a write of its new primary",
                context -> ClusterConditions.primary(context, set)
                        .map(p -> SwitchoverSteps.leads(p, member, 0).look().at(context))
                        .orElse(Condition.notYet("none is primary")));
        return Step.on(cluster().name() + "/" + set.name(), "Wait until " + set.name() + " elects a primary")
                .because("the members have the restored set's configuration")
                .until(leads, SOON);
    }

    /** Sets the administrator's password: the restored one can belong to another estate. */
    Plan passwords() {
        if (state.target().isSideBySide() || state.isVerified()) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        DatabaseUser account = DatabaseUser.admin(cluster());
        for (MongoSet set : cluster().allSets()) {
            Condition in = ClusterConditions.account(
                    set, account, state.target().credentials().member());
            steps.add(Step.on(cluster().name() + "/" + set.name(), "Set the administrator's password on " + set.name())
                    .because("the restored password can belong to another estate")
                    .type(setPassword(set, account))
                    .until(in, SOON));
        }
        return Plan.of(steps);
    }

    private List<Action> setPassword(MongoSet set, DatabaseUser account) {
        return List.of(
                AdminCommands.user(primary(set), state.target().credentials().member(), true, account));
    }

    Plan routers() {
        return Plan.of(routersStarted());
    }

    private List<Step> routersStarted() {
        List<Step> steps = new ArrayList<>();
        for (Node router : cluster().routers()) {
            if (!state.answers(router)) {
                steps.add(Step.on(router.id(), "Start mongos " + router.id() + " on " + router.endpoint())
                        .because("all sets are restored")
                        .type(state.target().server(router).start())
                        .until(ClusterConditions.answers(router), SOON));
            }
        }
        return steps;
    }

    Plan proof() {
        if (state.isVerified()) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        String lane = cluster().name();
        if (cluster().isSharded()) {
            Node router = cluster().routers().get(0);
            steps.add(Step.on(lane, "Check the metadata of all collections")
                    .because("shards and config servers must agree at "
                            + state.resolvedTarget().moment())
                    .until(new Condition("checkMetadataConsistency reports nothing", this::consistent), LONG));
            steps.addAll(write(lane, router));
        } else {
            steps.addAll(write(lane, primary(cluster().sets().get(0))));
        }
        if (cluster().allSets().stream().anyMatch(s -> compared(s).size() > 1)) {
            steps.add(Step.on(lane, "Compare the content of all members")
                    .because("a member with other content could later be elected")
                    .until(new Condition("all members of each set have the same dbHash", this::alike), LONG));
        }
        if (!state.target().isSideBySide()) {
            steps.addAll(new BackgroundJobs(state).resumed(lane));
        }
        steps.add(verified(lane));
        return Plan.of(steps);
    }

    private ProbeResult consistent(ExecutionContext context) {
        ActionResult answer = context.ask(new RunDocumentCommand(
                cluster().routers().get(0),
                admin(),
                "admin",
                Script.of("mongodb/consistency.json"),
                Access.LOOK,
                SOON));
        List<MongoDocument> documents = MongoDocument.of(answer.row()).batch();
        return new ProbeResult(
                answer.isOk() && documents.isEmpty(), answer.isOk() ? documents.toString() : answer.sentence());
    }

    private List<Step> write(String lane, Node at) {
        String moment = state.resolvedTarget().moment().toString();
        Script write = Script.of("mongodb/restore-test-write.json").with("moment", moment);
        Script read = Script.of("mongodb/restore-test-read.json").with("moment", moment);
        Condition there = new Condition("a majority has the write", context -> {
            boolean found = !MongoDocument.of(
                            ServerQueries.ask(context, at, admin(), PROOF, read).row())
                    .batch()
                    .isEmpty();
            return new ProbeResult(found, found ? "the write exists" : "the write does not exist");
        });
        Condition gone = new Condition("the test database is removed", context -> {
            ActionResult answer = ServerQueries.ask(context, at, admin(), "databases.json");
            boolean none = answer.isOk()
                    && MongoDocument.of(answer.row()).docs("databases").stream()
                            .noneMatch(d -> d.text("name").equals(PROOF));
            return new ProbeResult(none, none ? "the test database is removed" : "the test database exists");
        });
        return List.of(
                Step.on(lane, "Write a test document with w: majority")
                        .because("the restored cluster must accept writes")
                        .type(new RunDocumentCommand(at, admin(), PROOF, write, Access.CHANGE, SOON))
                        .until(there, SOON),
                Step.on(lane, "Drop the test database")
                        .because("the database was only a test")
                        .type(new RunDocumentCommand(
                                at, admin(), PROOF, Script.of("mongodb/load-clear.json"), Access.CHANGE, SOON))
                        .until(gone, SOON));
    }

    private Node primary(MongoSet set) {
        return set.nodes().stream()
                .filter(n -> state.hellos().get(n).is("isWritablePrimary"))
                .findFirst()
                .orElse(RestoreDestination.builder(set));
    }

    private ProbeResult alike(ExecutionContext context) {
        List<String> differ = new ArrayList<>();
        for (MongoSet set : cluster().allSets()) {
            List<Node> members = compared(set);
            for (String database : databases(context, members.get(0))) {
                Set<String> hashes = new LinkedHashSet<>();
                members.forEach(m -> hashes.add(MongoDocument.of(context.ask(new RunDocumentCommand(
                                        m, admin(), database, Script.of("mongodb/hash.json"), Access.LOOK, LONG))
                                .row())
                        .text("md5")));
                if (hashes.size() > 1 || hashes.contains("")) {
                    differ.add(set.name() + "/" + database);
                }
            }
        }
        return new ProbeResult(differ.isEmpty(), differ.isEmpty() ? "equal" : "different in " + differ);
    }

    /** Returns the member that has the set's current data. */
    private static List<Node> compared(MongoSet set) {
        return set.members().stream()
                .filter(m -> !m.arbiter() && m.delay().isZero())
                .map(Member::node)
                .toList();
    }

    private List<String> databases(ExecutionContext context, Node node) {
        return ServerQueries.reply(context, node, admin(), "databases.json").docs("databases").stream()
                .map(d -> d.text("name"))
                .filter(n -> !n.equals("local") && !n.equals("config") && !n.equals("admin"))
                .toList();
    }

    private Step verified(String lane) {
        List<Action> actions = new ArrayList<>();
        Map<Node, String> marks = new LinkedHashMap<>();
        cluster()
                .allSets()
                .forEach(s -> s.members().stream()
                        .map(Member::node)
                        .filter(n -> n.equals(RestoreDestination.builder(s))
                                || !state.of(n).state().isEmpty())
                        .forEach(n -> marks.put(
                                n, HostFacts.mark(state.target().topology().name(), n))));
        marks.forEach((node, mark) -> actions.add(new RunScript(
                node.host(),
                Script.of("mongodb/restore-record.sh")
                        .with("directory", node.directory())
                        .with("mark", mark)
                        .with("state", "verified")
                        .with("order", state.resolvedTarget().order()),
                Access.CHANGE,
                SOON)));
        actions.add(new RunScript(
                BackupRepository.HERE,
                Script.of("mongodb/repository-record-restore.sh")
                        .with("root", state.repositoryState().repository().root())
                        .with("line", state.at() + "\t" + state.resolvedTarget().order()),
                Access.CHANGE,
                SOON));
        List<Node> nodes = List.copyOf(marks.keySet());
        Condition written = new Condition("every directory is marked as verified", context -> {
            Map<Node, RestoreState.Progress> now = RestoreState.progress(context, nodes);
            boolean all = nodes.stream().allMatch(n -> now.get(n).state().equals("verified"));
            return new ProbeResult(all, now.values().toString());
        });
        return Step.on(lane, "Record the verification")
                .because("metadata, content and a majority write were verified")
                .type(actions)
                .until(written, SOON);
    }
}
