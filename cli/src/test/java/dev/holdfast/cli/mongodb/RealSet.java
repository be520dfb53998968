package dev.holdfast.cli.mongodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.MongoException;
import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.RunningProcess;
import dev.holdfast.cli.ServersUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bson.Document;

/** One replica set of a real estate, looked at and struck from outside. */
final class RealSet {

    private final RealEstate estate;
    private final String name;

    /** @param name as people name it: {@code notes/notes} */
    RealSet(RealEstate estate, String name) {
        this.estate = estate;
        this.name = name;
    }

    private List<JsonNode> members() {
        Ended status = estate.run("status", "-o", "json");
        return status.json().findParents("node").stream()
                .filter(n -> n.path("node").asText().startsWith(name + "/"))
                .toList();
    }

    /** The id of the primary; empty when there is none. */
    String primary() {
        return members().stream()
                .filter(n -> n.path("role").asText().equals("primary"))
                .map(n -> n.path("node").asText())
                .findFirst()
                .orElse("");
    }

    String awaitPrimary() {
        String[] found = {""};
        Patience.until("a member is primary", () -> !(found[0] = primary()).isEmpty());
        return found[0];
    }

    String endpoint(String id) {
        return members().stream()
                .filter(n -> n.path("node").asText().equals(id))
                .map(n -> n.path("endpoint").asText())
                .findFirst()
                .orElseThrow();
    }

    /** The last part of an id. */
    static String member(String id) {
        return id.substring(id.lastIndexOf('/') + 1);
    }

    /** The folder of a member. */
    Path directory(String id) throws IOException {
        try (Stream<Path> all = LiveFolder.walk(estate.folder().resolve("d"))) {
            return all.filter(p -> p.endsWith("holdfast.node"))
                    .filter(p -> mark(p).endsWith(" " + id))
                    .map(Path::getParent)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String mark(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException gone) {
            return "";
        }
    }

    long pid(String id) throws IOException {
        return Long.parseLong(Files.readString(directory(id).resolve("run/pid")).strip());
    }

    boolean isRunning(String id) throws IOException {
        Path file = directory(id).resolve("run/pid");
        return Files.exists(file) && RunningProcess.is(pid(id));
    }

    void signal(String id, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid(id))).start().waitFor();
    }

    void kill(String id) throws IOException, InterruptedException {
        long pid = pid(id);
        signal(id, "KILL");
        Patience.until(
                "the process of " + id + " has ended",
                () -> !Files.exists(Path.of("/proc/" + pid + "/task"))
                        || Path.of("/proc/" + pid + "/task").toFile().list().length <= 1);
    }

    /** The program that estates of tests run. */
    static String mongod() throws IOException {
        String known = System.getenv().getOrDefault("HOLDFAST_SERVERS", "");
        List<String> folders = new ArrayList<>(List.of(known.split(":")));
        folders.addAll(List.of(System.getenv("PATH").split(":")));
        folders.add("/var/cache/holdfast/servers/mongodb-8.2.0/bin");
        return folders.stream()
                .map(f -> Path.of(f, "mongod"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow()
                .toString();
    }

    /** Starts a member as init would, behind Holdfast's back; returns when its process is known. */
    void start(String id, String mongod) throws IOException {
        Path directory = directory(id);
        Path file = directory.resolve("run/pid");
        String before = Files.exists(file) ? Files.readString(file) : "";
        new ProcessBuilder(ServersUser.mongoWords(
                        "setsid",
                        "-f",
                        "sh",
                        "-c",
                        "echo $$ >\"$0/run/pid.new\"; mv -f \"$0/run/pid.new\" \"$0/run/pid\"; exec \"$1\" -f \"$0/mongod.conf\" >/dev/null 2>&1 </dev/null",
                        directory.toString(),
                        mongod))
                .start();
        Patience.until(
                "the process of " + id + " is known",
                () -> Files.exists(file) && !Files.readString(file).equals(before));
    }

    /** Says one command to one member as the administrator. */
    Document runCommand(String id, String command) {
        String cluster = id.substring(0, id.indexOf('/'));
        try (Client client =
                Client.admin(estate, cluster, endpoint(id), "directConnection=true&serverSelectionTimeoutMS=3000")) {
            return client.admin(command);
        }
    }

    long term(String id) {
        return ((Number) runCommand(id, "{replSetGetStatus: 1}").get("term")).longValue();
    }

    boolean answers(String id) {
        try {
            runCommand(id, "{hello: 1}");
            return true;
        } catch (MongoException silent) {
            return false;
        }
    }
}
