package dev.holdfast.mongodb.configuration;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.ServiceUnit;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.topology.MongoCluster;
import java.time.Duration;

/** One mongod or mongos on its host: its directory, its process id and its program. */
public record ServerProcess(String estate, MongoCluster cluster, Node node) {

    /** The wait for a started server to listen; recovery after a crash can take long. */
    private static final int PATIENCE = 120;

    private static final Duration SCRIPT = Duration.ofSeconds(PATIENCE + 30L);

    public static String pidFile(Node node) {
        return node.run() + "/pid";
    }

    /** Returns the program of a node: a path where binaries are declared, otherwise a name to search for. */
    public static String program(MongoCluster cluster, Node node) {
        return program(cluster, node.host(), node.kind());
    }

    public static String program(MongoCluster cluster, Host host, Node.Kind kind) {
        String name = kind == Node.Kind.MONGOS ? "mongos" : "mongod";
        String directory = cluster.binaries(host);
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    public ServiceUnit service() {
        return new ServiceUnit(estate, node, pidFile(node), "");
    }

    private boolean isRouter() {
        return node.kind() == Node.Kind.MONGOS;
    }

    private String confName() {
        return isRouter() ? "mongos.conf" : "mongod.conf";
    }

    /** Creates the missing directory and files, and starts the program unless it runs. */
    public Action start() {
        return start("no", "no");
    }

    public Action restart() {
        return start("yes", "no");
    }

    /** Removes the fence of a member, and starts it. */
    public Action unfence() {
        return start("no", "yes");
    }

    private Action start(String restart, String unfence) {
        Script script = Script.of("mongodb/start.sh")
                .with("directory", node.directory())
                .with("mark", HostFacts.mark(estate, node))
                .with("program", program(cluster, node))
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
        return new Action.RunScript(node.host(), service().onto(script), Access.CHANGE, SCRIPT);
    }

    /** Writes only the configuration file, for settings that change without a restart. */
    public Action configure() {
        return new Action.WriteFile(
                node.host(),
                node.directory() + "/" + confName(),
                ServerConfiguration.of(cluster, node).file(),
                "0600",
                "=",
                Duration.ofSeconds(10));
    }

    /** Ends the process and keeps the directory. */
    public Action stop() {
        return remove("no", "keep");
    }

    /** Ends the process, if necessary with SIGKILL, and removes the directory. */
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
