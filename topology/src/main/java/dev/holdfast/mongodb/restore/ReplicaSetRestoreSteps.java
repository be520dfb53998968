package dev.holdfast.mongodb.restore;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunScript;
import dev.holdfast.execution.Script;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.backup.MemberBackup;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps that restore one set's data to the recovery target, on one of its members.
 *
 * <ol>
 *   <li>The backup is unpacked and compared with its checksum.
 *   <li>A standalone server on this data gets the archived operations after the backup, only into its oplog.
 *   <li>The server is killed, so that the backup's checkpoint stays the last one, and started again to replay its oplog.
 *   <li>The last replayed operation must be the last one before the recovery target. Then the server is stopped.
 *   <li>Standalone again, it gets its new name: the set's members and the cluster's other parts.
 *   <li>Other members on the same host get a copy of its data; members on other hosts run an initial sync.
 * </ol>
 *
 * Invariants: after a kill, the restore of a set starts over unless its replay was complete. Collections of config.* and
 * admin.* stay unchanged, because servers resolve prepared transactions with them. Meanwhile only key file logins succeed.
 */
record ReplicaSetRestoreSteps(StandaloneServer server) {

    private static final String SETTLE = "1.5";

    ReplicaSetRestoreSteps(RestoreState state, MongoSet set) {
        this(new StandaloneServer(state, set));
    }

    /** Plans up to the end of the replay; {@link ReplicaSetRenameSteps} plans the rest. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>(replay());
        steps.addAll(new ReplicaSetRenameSteps(server).steps());
        return steps;
    }

    private List<Step> replay() {
        if (server.state().is(server.builder(), "replayed", "ready", "verified")) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>(List.of(unpack()));
        if (server.pick().isReplayed()) {
            steps.add(serve(
                    "Start " + server.lane() + " standalone on the backup",
                    "the archived oplog must be loaded into this server",
                    true));
            steps.add(loadOplog());
            steps.add(kill());
            steps.add(replayNow());
        } else {
            steps.add(serve(
                    "Start " + server.lane() + " standalone on the backup",
                    "the server replays the oplog of the backup",
                    false));
        }
        steps.add(server.stop("Stop " + server.lane() + " after the replay", "replayed"));
        return steps;
    }

    private Step unpack() {
        MemberBackup copy = server.pick().copy();
        String folder =
                server.state().repositoryState().repository().copy(server.set().name(), copy.label());
        Script script = server.about("restore-unpack.sh")
                .with("order", server.state().resolvedTarget().order())
                .with("archive", folder + "/" + copy.archive())
                .with("checksum", copy.sha256())
                .with("size", copy.size())
                .with("keyfile", server.state().target().cluster().keyFile());
        return Step.on(
                        server.lane(),
                        "Unpack backup " + copy.label() + " of " + server.set().name())
                .because("the backup ends at " + copy.top() + ", and is the last one before "
                        + server.state().resolvedTarget().moment())
                .type(server.exec(script, StandaloneServer.LONG))
                .until(server.state(server.builder(), "unpacked"), StandaloneServer.LONG);
    }

    private Step serve(String title, String because, boolean fill) {
        return Step.on(server.lane(), title)
                .because(because)
                .type(server.exec(server.serve(fill, !fill), StandaloneServer.LONG))
                .until(server.answersAlone(), StandaloneServer.SOON);
    }

    private Step loadOplog() {
        Script script = Script.of("mongodb/oplog-load.json")
                .with("after", server.pick().copy().top().json())
                .with("through", server.state().resolvedTarget().moment().json());
        Condition there = new Condition(
                "the last operation in the oplog of " + server.lane() + " is "
                        + server.pick().last(),
                context -> {
                    ClusterTime last = server.last(context);
                    return new ProbeResult(last.equals(server.pick().last()), "the last operation is " + last);
                });
        return Step.on(
                        server.lane(),
                        "Load the archive from " + server.pick().copy().top() + " to "
                                + server.pick().last())
                .because("these are the operations between the backup and "
                        + server.state().resolvedTarget().moment())
                .type(
                        // the data of a primary names the end of its oplog without holes: the server would truncate the
                        // oplog there
                        server.command("local", Script.of("mongodb/restore-untruncated.json")),
                        new Action.LoadOplog(
                                server.standalone(),
                                server.member(),
                                "local",
                                server.state()
                                        .repositoryState()
                                        .repository()
                                        .oplog(server.set().name()),
                                script,
                                StandaloneServer.LONG))
                .until(there, StandaloneServer.SOON);
    }

    private Step kill() {
        Script script = server.about("restore-stop.sh")
                .with("settle", SETTLE)
                .with("how", "KILL")
                .with("state", "");
        return Step.on(server.lane(), "Kill the standalone server after " + SETTLE + " s")
                .because(
                        "the journal has the loaded oplog; a clean shutdown would take a checkpoint that skips the replay")
                .type(server.exec(script, StandaloneServer.SOON))
                .until(server.down(), StandaloneServer.SOON);
    }

    private Step replayNow() {
        Condition replayed = new Condition(
                server.lane() + " has replayed its oplog up to " + server.pick().last(), context -> {
                    ProbeResult answers = server.answersAlone().look().at(context);
                    if (!answers.holds()) {
                        return answers;
                    }
                    String message = context.ask(new RunScript(
                                    server.builder().host(),
                                    Script.of("mongodb/restore-replay-log.sh")
                                            .with("directory", server.builder().directory()),
                                    Access.LOOK,
                                    StandaloneServer.SOON))
                            .text()
                            .strip()
                            .replace('\t', ' ')
                            .replace('\n', ';');
                    String top = "top " + server.pick().last().seconds() + " "
                            + server.pick().last().increment();
                    return new ProbeResult(
                            message.contains(top)
                                    && message.contains("applied ")
                                    && server.last(context).equals(server.pick().last()),
                            "the server log: " + message);
                });
        return Step.on(server.lane(), "Start the standalone server for the replay")
                .because("the server's own replay supports every kind of operation")
                .type(server.exec(server.serve(false, true), StandaloneServer.LONG))
                .until(replayed, StandaloneServer.SOON);
    }

    /** Copies the data to the other members on the same host; members on other hosts run an initial sync. */
    List<Step> copyToMembers() {
        if (!server.state().is(server.builder(), "ready")) {
            return List.of();
        }
        return server.set().members().stream()
                .filter(m -> !m.arbiter() && !m.node().equals(server.builder()))
                .map(Member::node)
                .filter(n -> isHere(n) && !server.state().is(n, "ready", "verified"))
                .map(this::copyToMembers)
                .toList();
    }

    private boolean isHere(Node node) {
        return node.host().reach() instanceof HostAccess.Local
                && server.builder().host().reach() instanceof HostAccess.Local;
    }

    private Step copyToMembers(Node node) {
        Script script = Script.of("mongodb/restore-copy-member.sh")
                .with("from", server.builder().directory())
                .with("directory", node.directory())
                .with("mark", server.mark(node));
        return Step.on(node.id(), "Copy the restored data to " + node.id())
                .because("a member with the data needs no initial sync")
                .type(StandaloneServer.exec(node.host(), script, StandaloneServer.LONG))
                .until(server.state(node, "ready"), StandaloneServer.LONG);
    }
}
