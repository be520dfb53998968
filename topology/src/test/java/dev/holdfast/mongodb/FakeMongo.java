package dev.holdfast.mongodb;

import dev.holdfast.model.Secret;
import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.FakeWorld;
import dev.holdfast.world.Login;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Pretend hosts with pretend servers of MongoDB on them: enough of both to try planners without any. */
final class FakeMongo implements FakeWorld.Pretend {

    final Map<String, FakeServer> servers = new LinkedHashMap<>();
    final Map<String, String> foreign = new LinkedHashMap<>();
    final Set<String> taken = new TreeSet<>();
    final Set<String> silentHosts = new TreeSet<>();
    final List<Map<String, Object>> shards = new ArrayList<>();
    final Map<String, Object> concerns = new LinkedHashMap<>();
    boolean balancer = true;
    boolean installed = true;
    String version = "8.2.0";
    int initiated;

    FakeServer at(String endpoint) {
        return servers.values().stream()
                .filter(s -> s.endpoint.equals(endpoint))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing was ever started at " + endpoint));
    }

    /** The process is gone at once, as after kill -9. */
    void kill(String endpoint) {
        FakeServer server = at(endpoint);
        server.up = false;
        if (server.set != null) {
            server.set.up.remove(endpoint);
        }
    }

    @Override
    public Answer answer(Action action, Instant now) {
        if (silentHosts.contains(action.host().name())) {
            return Answer.silent("host is silent");
        }
        if (action instanceof Action.Command command) {
            return command(command, now);
        }
        Map<String, Object> values = action.script().values();
        return switch (action.script().file()) {
            case "host/look.sh" -> Answer.ok(look(values));
            case "mongodb/ground.sh" -> Answer.ok(ground(values));
            case "mongodb/versions.sh" ->
                version.isEmpty()
                        ? Answer.silent("it did not end in time")
                        : Answer.ok("mongod\t" + version + "\nmongos\t" + version + "\n");
            case "mongodb/start.sh" -> start(values);
            case "mongodb/remove.sh" -> remove(values);
            case "mongodb/mongod.conf", "mongodb/mongos.conf" -> configure((Action.Write) action);
            default -> null;
        };
    }

    private String look(Map<String, Object> values) {
        StringBuilder text = new StringBuilder();
        for (String line : values.get("nodes").toString().split("\n")) {
            String[] field = line.split("\t");
            FakeServer server = servers.get(field[1]);
            String process = server != null && server.up ? "up\t1" : "down\t";
            boolean ours = server != null && server.mark.equals(values.get("mark") + " " + field[0]);
            String ground =
                    foreign.containsKey(field[1]) ? "foreign" : server == null ? "absent" : ours ? "ours" : "foreign";
            boolean listens = server != null && server.up && (!server.router || configServers() != null);
            boolean busy = listens || taken.contains(field[3] + ":" + field[4]);
            text.append(String.join("\t", "node", field[0], process, ground, busy ? "taken" : "free"))
                    .append('\n');
        }
        for (String program : values.get("programs").toString().split(" ")) {
            text.append("program\t")
                    .append(program)
                    .append('\t')
                    .append(installed ? "/bin/" + program : "")
                    .append('\n');
        }
        return text.toString();
    }

    private String ground(Map<String, Object> values) {
        StringBuilder text = new StringBuilder();
        for (String line : values.get("nodes").toString().lines().toList()) {
            String[] field = line.split("\t");
            FakeServer server = servers.get(field[1]);
            String said = server == null
                    ? "absent\t"
                    : (server.keyfile.equals(values.get("keyfile")) ? "same\t" : "other\t") + server.mode;
            text.append("keyfile\t").append(field[0]).append('\t').append(said).append('\n');
        }
        servers.values().stream()
                .filter(s -> s.directory.startsWith(values.get("root") + "/"))
                .forEach(s -> text.append(String.join(
                                "\t",
                                "stray",
                                s.mark.substring(s.mark.indexOf(' ') + 1),
                                s.directory,
                                s.up ? "up" : "down"))
                        .append('\n'));
        return text.toString();
    }

    private Answer start(Map<String, Object> values) {
        FakeServer server = servers.computeIfAbsent((String) values.get("directory"), d -> new FakeServer(values));
        server.start(values);
        if (server.set != null) {
            server.set.up.add(server.endpoint);
        }
        return Answer.ok("1\n");
    }

    private Answer remove(Map<String, Object> values) {
        FakeServer server = servers.get((String) values.get("directory"));
        if (server != null) {
            kill(server.endpoint);
            if (values.get("data").equals("remove")) {
                servers.remove(server.directory);
            }
        }
        return Answer.ok("");
    }

    private Answer configure(Action.Write write) {
        servers.get(write.path().substring(0, write.path().lastIndexOf('/'))).configure(write.script());
        return Answer.ok("");
    }

    private Answer command(Action.Command command, Instant now) {
        String endpoint = command.node().endpoint();
        FakeServer server = servers.values().stream()
                .filter(s -> s.endpoint.equals(endpoint))
                .findFirst()
                .orElse(null);
        if (server == null || !server.up || server.frozen || server.router && configServers() == null) {
            return Answer.silent(endpoint + ": Connection refused");
        }
        servers.values().stream().filter(s -> s.up).forEach(s -> joinIfNamed(s, now));
        FakeSet set = server.router ? configServers() : server.set;
        if (set != null) {
            set.settle(now);
        }
        if (server.router && command.login().source().equals("local")) {
            return Answer.refused("20", "Can't use 'local' database through mongos");
        }
        if (!letsIn(server, set, command.login())) {
            return Answer.refused("18", "Authentication failed.");
        }
        if (command.login().isNobody() && !command.script().file().equals("mongodb/hello.json")) {
            return Answer.refused("13", "requires authentication");
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

    private static boolean letsIn(FakeServer server, FakeSet set, Login login) {
        if (login.isNobody()) {
            return true;
        }
        Secret password = login.password();
        if (login.user().equals("__system")) {
            return password.equals(server.keyfile);
        }
        FakeSet.User user = set == null ? null : set.users.get(login.user());
        return user != null && user.password().equals(password);
    }
}
