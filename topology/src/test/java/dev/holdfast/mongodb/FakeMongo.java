package dev.holdfast.mongodb;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.model.SecretRef;
import dev.holdfast.world.FakeOutput;
import dev.holdfast.world.FakeWorld;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Pretend hosts with pretend servers of MongoDB on them: enough of both to try planners without any. */
public final class FakeMongo implements FakeWorld.Pretend {

    public final Map<String, FakeServer> servers = new LinkedHashMap<>();
    public final Map<String, String> foreign = new LinkedHashMap<>();
    public final Set<String> taken = new TreeSet<>();
    public final Set<String> silentHosts = new TreeSet<>();
    public final List<Map<String, Object>> shards = new ArrayList<>();
    public final Map<String, Object> concerns = new LinkedHashMap<>();
    public final List<Map<String, Object>> inconsistencies = new ArrayList<>();
    /** The role that a member's own host hears, by endpoint. */
    public final Map<String, String> hostReplies = new LinkedHashMap<>();

    /** Whether every login is refused, as with the secrets of another estate. */
    public boolean refusesLogins;

    boolean balancer = true;
    public boolean installed = true;
    public String version = "8.2.0";
    /** The version of the program file that a start would take. */
    public String installedVersion = "8.2.0";

    public int initiated;

    public FakeServer at(String endpoint) {
        return servers.values().stream()
                .filter(s -> s.endpoint.equals(endpoint))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing was ever started at " + endpoint));
    }

    /** Its process is gone and its data too; the rest of its directory stays. */
    public void wipe(String endpoint) {
        kill(endpoint);
        at(endpoint).data = "lost";
        at(endpoint).set = null;
    }

    /** The process is gone at once, as after kill -9. */
    public void kill(String endpoint) {
        FakeServer server = at(endpoint);
        server.up = false;
        if (server.set != null) {
            server.set.up.remove(endpoint);
        }
    }

    /** A person starts it without data; the set's heartbeats bring it the configuration, with its vote. */
    public void startEmpty(String endpoint, FakeSet set) {
        FakeServer server = at(endpoint);
        server.up = true;
        server.data = "there";
        server.set = set;
        set.up.add(endpoint);
        set.empty.add(endpoint);
    }

    @Override
    public ActionResult answer(Action action, Instant now) {
        if (silentHosts.contains(action.host().name())) {
            return ActionResult.silent("host is silent");
        }
        if (action instanceof Action.RunDocumentCommand command) {
            return command(command, now);
        }
        Map<String, Object> values = action.script().values();
        return switch (action.script().file()) {
            case "host/look.sh" -> look(values);
            case "mongodb/node-files.sh" -> nodeFiles(values);
            case "mongodb/versions.sh" ->
                version.isEmpty() ? ActionResult.silent("it did not end in time") : versions(version);
            case "mongodb/start.sh" -> start(values);
            case "mongodb/member-records.sh" -> new FakeOutput("mongodb/member-records.sh").answer();
            case "mongodb/hello-on-host.sh" -> hello(hostReplies.get(values.get("address") + ":" + values.get("port")));
            case "mongodb/remove.sh" -> remove(values);
            case "mongodb/mongod.conf", "mongodb/mongos.conf" -> configure((Action.WriteFile) action);
            default -> null;
        };
    }

    private ActionResult look(Map<String, Object> values) {
        FakeOutput output = new FakeOutput("host/look.sh");
        for (String line : values.get("nodes").toString().split("\n")) {
            String[] field = line.split("\t");
            FakeServer server = servers.get(field[1]);
            boolean up = server != null && server.up;
            boolean ours = server != null && server.mark.equals(values.get("mark") + " " + field[0]);
            String directoryOwner =
                    foreign.containsKey(field[1]) ? "foreign" : server == null ? "absent" : ours ? "ours" : "foreign";
            boolean listens = up && (!server.router || configServers() != null);
            String endpoint = field[3] + ":" + field[4];
            boolean busy = listens || taken.contains(endpoint) || isListening(endpoint, field[1]);
            output.record(
                    "node",
                    "id",
                    field[0],
                    "process",
                    up ? "up" : "down",
                    "pid",
                    up ? "1" : "",
                    "owner",
                    directoryOwner,
                    "port",
                    busy ? "taken" : "free",
                    "reason",
                    up ? server.trouble : "");
            occupants(values.get("mark"), field, output);
        }
        for (String program : values.get("programs").toString().split(" ")) {
            output.record("program", "name", program, "path", installed ? "/bin/" + program : "");
        }
        return output.answer();
    }

    /** Another server of Holdfast in a node's directory or on its port, as the host reports it. */
    private void occupants(Object estate, String[] node, FakeOutput output) {
        FakeServer own = servers.get(node[1]);
        if (own != null && !own.mark.equals(estate + " " + node[0])) {
            output.record("occupant", "id", node[0], "where", "directory", "mark", own.mark, "directory", node[1]);
        }
        servers.values().stream()
                .filter(s -> s.up && s.endpoint.equals(node[3] + ":" + node[4]) && !s.directory.equals(node[1]))
                .filter(s -> own == null || !own.up)
                .forEach(s -> output.record(
                        "occupant", "id", node[0], "where", "port", "mark", s.mark, "directory", s.directory));
    }

    private boolean isListening(String endpoint, String directory) {
        return servers.values().stream()
                .anyMatch(s -> s.up && s.endpoint.equals(endpoint) && !s.directory.equals(directory));
    }

    private ActionResult nodeFiles(Map<String, Object> values) {
        FakeOutput output = new FakeOutput("mongodb/node-files.sh");
        for (String line : values.get("nodes").toString().lines().toList()) {
            String[] field = line.split("\t");
            FakeServer server = servers.get(field[1]);
            output.record(
                    "key-file",
                    "id",
                    field[0],
                    "state",
                    server == null ? "absent" : server.keyfile.equals(values.get("keyfile")) ? "same" : "other",
                    "mode",
                    server == null ? "" : server.mode);
            if (server != null && server.up) {
                output.record("listens", "id", field[0], "endpoint", server.endpoint);
                if (!server.program.equals(field[2])) {
                    output.record(
                            "other-program",
                            "id",
                            field[0],
                            "running",
                            server.program,
                            "desired",
                            field[2],
                            "version",
                            installedVersion);
                }
            }
            if (server != null && server.up && !server.user.isEmpty()) {
                output.record("other-user", "id", field[0], "running", server.user, "desired", "mongodb");
            }
            if (server != null && !server.fence.isEmpty()) {
                output.record("fenced", "id", field[0], "reason", server.fence);
            }
            if (server != null && !server.up && !server.broken.isEmpty()) {
                output.record("broken", "id", field[0], "reason", server.broken);
            }
            output.record(
                    "data",
                    "id",
                    field[0],
                    "state",
                    server == null ? "none" : server.data,
                    "options",
                    server == null ? "" : server.made);
            if (server != null && server.born > 0) {
                output.record("ages", "id", field[0], "born", server.born, "written", server.written);
            }
        }
        servers.values().stream()
                .filter(s -> s.directory.startsWith(values.get("root") + "/"))
                .forEach(s -> output.record(
                        "marked",
                        "id",
                        s.mark.substring(s.mark.indexOf(' ') + 1),
                        "directory",
                        s.directory,
                        "process",
                        s.up ? "up" : "down",
                        "address",
                        s.endpoint.substring(0, s.endpoint.indexOf(':')),
                        "port",
                        s.endpoint.substring(s.endpoint.indexOf(':') + 1),
                        "data",
                        s.data.equals("there") ? "there" : "none"));
        return output.answer();
    }

    private static ActionResult versions(String version) {
        return new FakeOutput("mongodb/versions.sh")
                .record("program", "name", "mongod", "version", version)
                .record("program", "name", "mongos", "version", version)
                .answer();
    }

    private static ActionResult hello(String role) {
        FakeOutput output = new FakeOutput("mongodb/hello-on-host.sh");
        return (role == null ? output : output.record("answer", "role", role)).answer();
    }

    private ActionResult start(Map<String, Object> values) {
        FakeServer server = servers.computeIfAbsent((String) values.get("directory"), d -> new FakeServer(values));
        if (!server.fence.isEmpty() && values.get("unfence").equals("no")) {
            return ActionResult.refused("1", "the member is fenced: " + server.fence);
        }
        server.fence = "";
        boolean isOther = !server.program.equals(values.get("program"));
        server.start(values);
        server.version = isOther ? installedVersion : server.version;
        if (server.set != null) {
            server.set.up.add(server.endpoint);
        }
        return ActionResult.ok("1\n");
    }

    private ActionResult remove(Map<String, Object> values) {
        FakeServer server = servers.get((String) values.get("directory"));
        if (server != null) {
            kill(server.endpoint);
            if (values.get("data").equals("remove")) {
                servers.remove(server.directory);
            }
        }
        return ActionResult.ok("");
    }

    private ActionResult configure(Action.WriteFile write) {
        servers.get(write.path().substring(0, write.path().lastIndexOf('/'))).configure(write.script());
        return ActionResult.ok("");
    }

    private ActionResult command(Action.RunDocumentCommand command, Instant now) {
        String endpoint = command.node().endpoint();
        FakeServer server = servers.values().stream()
                .filter(s -> s.endpoint.equals(endpoint))
                .findFirst()
                .orElse(null);
        if (server == null || !server.up || server.frozen || server.router && configServers() == null) {
            return ActionResult.silent(endpoint + ": Connection refused");
        }
        servers.values().stream().filter(s -> s.up && !s.frozen).forEach(s -> joinIfNamed(s, now));
        FakeSet set = server.router ? configServers() : server.set;
        if (set != null) {
            set.settle(now);
        }
        if (server.router && command.login().source().equals("local")) {
            return ActionResult.refused("20", "Can't use 'local' database through mongos");
        }
        if (!letsIn(server, set, command.login())) {
            return ActionResult.refused("18", "Authentication failed.");
        }
        if (command.login().isAnonymous() && !command.script().file().equals("mongodb/hello.json")) {
            return ActionResult.refused("13", "requires authentication");
        }
        return new FakeReplies(this, server, set, command, now).answer();
    }

    /** A blank server that a set names joins it by the set's heartbeats. */
    private void joinIfNamed(FakeServer server, Instant now) {
        if (server.router) {
            return;
        }
        if (server.set != null && !server.set.hosts().contains(server.endpoint)) {
            server.set.up.remove(server.endpoint);
            return;
        }
        if (server.set == null) {
            servers.values().stream()
                    .filter(s -> s.set != null && s.up && s.set.hosts().contains(server.endpoint))
                    .findFirst()
                    .ifPresent(s -> server.set = s.set);
        }
        if (server.set != null && server.set.up.add(server.endpoint)) {
            server.set.joined.put(server.endpoint, now);
        }
    }

    FakeSet configServers() {
        return servers.values().stream()
                .filter(s -> s.set != null && s.set.config.is("configsvr") && s.up)
                .map(s -> s.set)
                .findFirst()
                .orElse(null);
    }

    private boolean letsIn(FakeServer server, FakeSet set, Credentials login) {
        if (login.isAnonymous()) {
            return true;
        }
        if (refusesLogins) {
            return false;
        }
        SecretRef password = login.password();
        if (login.user().equals("__system")) {
            return password.equals(server.keyfile);
        }
        FakeSet.User user = set == null ? null : set.users.get(login.user());
        return user != null && user.password().equals(password) && !user.restricted();
    }
}
