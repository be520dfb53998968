package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Node;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Script;
import java.time.Duration;

/** One mongod or mongos as its host knows it: a directory, a process id, a program to start. */
record MongoServer(String estate, MongoCluster cluster, Node node) {

    /** Recovery after a crash can take long; whoever starts a server waits this long for it to listen. */
    private static final int PATIENCE = 120;

    private static final Duration SCRIPT = Duration.ofSeconds(PATIENCE + 30L);

    static String pidFile(Node node) {
        return node.run() + "/pid";
    }

    static String program(MongoCluster cluster, Node.Kind kind) {
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
    Action start() {
        return start("no", "no");
    }

    Action restart() {
        return start("yes", "no");
    }

    /** The same for a member that was fenced, whose fence is taken away. */
    Action unfence() {
        return start("no", "yes");
    }

    private Action start(String restart, String unfence) {
        Script script = Script.of("mongodb/start.sh")
                .with("directory", node.directory())
                .with("mark", Footing.mark(estate, node))
                .with("program", program(cluster, node.kind()))
                .with("wait", isRouter() ? "life" : "answer")
                .with("address", node.host().address())
                .with("port", node.port())
                .with("log", isRouter() ? "mongos.log" : "mongod.log")
                .with("conf_name", confName())
                .with("conf", ServerOptions.of(cluster, node).file())
                .with("keyfile", cluster.keyFile())
                .with("restart", restart)
                .with("unfence", unfence)
                .with("patience", PATIENCE);
        return new Action.Exec(node.host(), script, Intent.CHANGE, SCRIPT);
    }

    /** Only the configuration file, for settings that a running server takes up without a restart. */
    Action configure() {
        return new Action.Write(
                node.host(),
                node.directory() + "/" + confName(),
                ServerOptions.of(cluster, node).file(),
                "0600",
                "",
                Duration.ofSeconds(10));
    }

    /** Ends the process and leaves the directory. */
    Action stop() {
        return remove("no", "keep");
    }

    /** Ends the process whatever it takes, and removes the directory. */
    Action destroy() {
        return remove("yes", "remove");
    }

    private Action remove(String force, String data) {
        Script script = Script.of("mongodb/remove.sh")
                .with("directory", node.directory())
                .with("mark", Footing.mark(estate, node))
                .with("force", force)
                .with("data", data);
        return new Action.Exec(node.host(), script, Intent.CHANGE, SCRIPT);
    }
}
