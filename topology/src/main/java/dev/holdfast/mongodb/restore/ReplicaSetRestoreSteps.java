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
 * The steps that bring one set's data back to the moment, on one of its members.
 *
 * <ol>
 *   <li>The copy is unpacked and compared with its checksum.
 *   <li>A server alone on it is given the archived operations after the copy, into its history only.
 *   <li>It is killed, so that its last checkpoint stays as the copy had it, and started again to replay its history.
 *   <li>What it found last must be the last operation before the moment; then it is stopped.
 *   <li>Alone again, it is told its new name: the set's members, the cluster's other parts.
 *   <li>The other members on the same machine take its data as it is; those elsewhere copy it by themselves.
 * </ol>
 *
 * Invariants: a killed restore begins a set anew unless its replay was complete; config.* and admin.* stay as they were,
 * for the servers resolve prepared transactions by them; nobody is let in meanwhile but who holds the key file.
 */
record ReplicaSetRestoreSteps(StandaloneServer server) {

    private static final String SETTLE = "1.5";

    ReplicaSetRestoreSteps(RestoreState state, MongoSet set) {
        this(new StandaloneServer(state, set));
    }

    /** No set waits for another between the replay and its new name; for that see {@link ReplicaSetRenameSteps}. */
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
            steps.add(serve("Start " + server.lane() + " alone on the copy", "its history shall be given to it", true));
            steps.add(loadOplog());
            steps.add(kill());
            steps.add(replayNow());
        } else {
            steps.add(serve("Start " + server.lane() + " alone on the copy", "it replays what the copy has", false));
        }
        steps.add(server.stop("Stop " + server.lane() + " with the moment on disk", "replayed"));
        return steps;
    }

    private Step unpack() {
        MemberBackup copy = server.pick().copy();
        String folder = server.state().stock().repository().copy(server.set().name(), copy.label());
        Script script = server.about("restore-unpack.sh")
                .with("order", server.state().resolvedTarget().order())
                .with("archive", folder + "/" + copy.archive())
                .with("checksum", copy.sha256())
                .with("size", copy.size())
                .with("keyfile", server.state().target().cluster().keyFile());
        return Step.on(
                        server.lane(),
                        "Unpack copy " + copy.label() + " of " + server.set().name())
                .because("it ends at " + copy.top() + ", the last before "
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
        Script script = Script.of("mongodb/oplog-pour.json")
                .with("after", server.pick().copy().top().json())
                .with("through", server.state().resolvedTarget().moment().json());
        Condition there = new Condition(
                "the last operation in its history is " + server.pick().last(), context -> {
                    ClusterTime last = server.last(context);
                    return new ProbeResult(last.equals(server.pick().last()), "it is " + last);
                });
        return Step.on(
                        server.lane(),
                        "Give it the archive from " + server.pick().copy().top() + " to "
                                + server.pick().last())
                .because("these are the operations between the copy and "
                        + server.state().resolvedTarget().moment())
                .type(
                        // a copy of a primary says up to where its history is without holes: it would be cut off there
                        server.command("local", Script.of("mongodb/restore-untruncated.json")),
                        new Action.LoadOplog(
                                server.bench(),
                                server.member(),
                                "local",
                                server.state()
                                        .stock()
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
        return Step.on(server.lane(), "Kill it after " + SETTLE + " s, when what it was given is in its journal")
                .because("an orderly end would take a checkpoint that skips the replay")
                .type(server.exec(script, StandaloneServer.SOON))
                .until(server.down(), StandaloneServer.SOON);
    }

    private Step replayNow() {
        Condition replayed = new Condition(
                "it has replayed its history up to " + server.pick().last(), context -> {
                    ProbeResult answers = server.answersAlone().look().at(context);
                    if (!answers.holds()) {
                        return answers;
                    }
                    String message = context.ask(new RunScript(
                                    server.builder().host(),
                                    Script.of("mongodb/restore-told.sh")
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
                            "it says: " + message);
                });
        return Step.on(server.lane(), "Start it to replay its history")
                .because("the server's own replay knows every kind of operation")
                .type(server.exec(server.serve(false, true), StandaloneServer.LONG))
                .until(replayed, StandaloneServer.SOON);
    }

    /** The other members whose files are on the same machine; any others copy by themselves when they are started. */
    List<Step> spread() {
        if (!server.state().is(server.builder(), "ready")) {
            return List.of();
        }
        return server.set().members().stream()
                .filter(m -> !m.arbiter() && !m.node().equals(server.builder()))
                .map(Member::node)
                .filter(n -> isHere(n) && !server.state().is(n, "ready", "verified"))
                .map(this::spread)
                .toList();
    }

    private boolean isHere(Node node) {
        return node.host().reach() instanceof HostAccess.Local
                && server.builder().host().reach() instanceof HostAccess.Local;
    }

    private Step spread(Node node) {
        Script script = Script.of("mongodb/restore-spread.sh")
                .with("from", server.builder().directory())
                .with("directory", node.directory())
                .with("mark", server.mark(node));
        return Step.on(node.id(), "Copy what was brought back to " + node.id())
                .because("a member that has the data needs no first copy over the network")
                .type(StandaloneServer.exec(node.host(), script, StandaloneServer.LONG))
                .until(server.state(node, "ready"), StandaloneServer.LONG);
    }
}
