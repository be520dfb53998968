package dev.holdfast.mongodb.configuration;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.topology.MongoCluster;
import java.time.Duration;

/** One mongod or mongos as its host knows it: a directory, a process id, a program to start. */
public record ServerProcess(String estate, MongoCluster cluster, Node node) {

    /** Recovery after a crash can take long; whoever starts a server waits this long for it to listen. */
    private static final int PATIENCE = 120;

    private static final Duration SCRIPT = Duration.ofSeconds(PATIENCE + 30L);

    public static String pidFile(Node node) {
        return node.run() + "/pid";
    }

    public static String program(MongoCluster cluster, Node.Kind kind) {
        String name = kind == Node.Kind.MONGOS ? "mongos" : "mongod";
        return cluster.binaries().isEmpty() ? name : cluster.binaries() + "/" + name;
    }

    private boolean isRouter() {
        return node.kind() == Node.Kind.MONGOS;
    }

    private String confName() {
        return isRouter() ? "mongos.conf" : "mongod.conf";
    }

    /** Makes the directory and its files where they are missing, and starts the program unless it runs. */
    public Action start() {
        return start("no", "no");
    }

    public Action restart() {
        return start("yes", "no");
    }

    /** The same for a member that was fenced, whose fence is taken away. */
    public Action unfence() {
        return start("no", "yes");
    }

    private Action start(String restart, String unfence) {
        Script script = Script.of("mongodb/start.sh")
                .with("directory", node.directory())
                .with("mark", HostFacts.mark(estate, node))
                .with("program", program(cluster, node.kind()))
                .with("wait", isRouter() ? "life" : "answer")
                .with("address", node.host().address())
                .with("port", node.port())
                .with("log", isRouter() ? "mongos.log" : "mongod.log")
                .with("conf_name", confName())
                .with("conf", ServerConfiguration.of(cluster, node).file())
                .with("keyfile", cluster.keyFile())
                .with("restart", restart)
                .with("unfence", unfence)
                .with("patience", PATIENCE);
        return new Action.RunScript(node.host(), script, Access.CHANGE, SCRIPT);
    }

    /** Only the configuration file, for settings that a running server takes up without a restart. */
    public Action configure() {
        return new Action.WriteFile(
                node.host(),
                node.directory() + "/" + confName(),
                ServerConfiguration.of(cluster, node).file(),
                "0600",
                "",
                Duration.ofSeconds(10));
    }

    /** Ends the process and leaves the directory. */
    public Action stop() {
        return remove("no", "keep");
    }

    /** Ends the process whatever it takes, and removes the directory. */
    public Action destroy() {
        return remove("yes", "remove");
    }

    private Action remove(String force, String data) {
        Script script = Script.of("mongodb/remove.sh")
                .with("directory", node.directory())
                .with("mark", HostFacts.mark(estate, node))
                .with("force", force)
                .with("data", data);
        return new Action.RunScript(node.host(), script, Access.CHANGE, SCRIPT);
    }
}
