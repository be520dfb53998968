package dev.holdfast.postgres;

import static dev.holdfast.postgres.FakeServer.row;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ScramVerifier;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.model.SecretRef;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.world.FakeOutput;
import dev.holdfast.world.FakeWorld;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Pretend hosts with pretend PostgreSQL servers and proxies on them: enough of both to try planners without any. */
public final class FakePostgres implements FakeWorld.Pretend {

    public final Map<String, FakeServer> servers = new LinkedHashMap<>();
    final Map<String, FakeProxy> proxies = new LinkedHashMap<>();
    final Map<String, FakePooler> poolers = new LinkedHashMap<>();
    public final Set<String> foreign = new TreeSet<>();
    public final Set<String> taken = new TreeSet<>();
    public final Set<String> silentHosts = new TreeSet<>();
    /** Hosts that cannot be logged in to; their servers answer. */
    final Set<String> closedHosts = new TreeSet<>();

    /** Hosts that are too slow for so many looks, once nobody is primary. */
    final Map<String, Integer> slowHosts = new TreeMap<>();

    /** Servers whose port does not answer the CLI, and everybody else. */
    public final Set<String> blocked = new TreeSet<>();

    /** The standbys of a host that does not answer the CLI still receive from it. */
    public boolean standbysReceive;

    /** Whether WAL is a sequence of commits, and a standby streams only where PostgreSQL would stream. */
    public boolean tracksWal;

    /** Hosts that no other host reaches. */
    public final Set<String> isolatedHosts = new TreeSet<>();

    int messages;
    final Set<String> unreadableWal = new TreeSet<>();
    Runnable onFence = () -> {};
    public final Set<String> cannotStart = new TreeSet<>();
    /** Servers that would not start with the declared settings. */
    final Set<String> cannotUse = new TreeSet<>();

    final Set<String> cannotStop = new TreeSet<>();
    public final Set<String> cannotRewind = new TreeSet<>();
    /** Servers whose rows cannot be kept, and whose log cannot be read. */
    final Set<String> cannotKeep = new TreeSet<>();

    /** Standbys that replayed WAL of another server, so that no primary's WAL continues theirs. */
    public final Set<String> withOtherWal = new TreeSet<>();

    /** Whether these standbys have received WAL of the primary in place of their own, so that nothing shows the difference. */
    public boolean isOtherWalReplaced;

    public final Set<String> unreadable = new TreeSet<>();
    /** Primaries whose last record reaches nobody when they stop. */
    final Set<String> keepsLastRecord = new TreeSet<>();

    public final Map<Integer, String> programs = new TreeMap<>(Map.of(15, "15.18"));
    public String haproxy = "2.6.12";
    public String closed = "";
    String user = "postgres";
    int births;
    private final SecretRef replication;

    public FakePostgres(PostgresCluster cluster) {
        replication = cluster.replicationPassword();
        declare(cluster);
    }

    /** Another declaration of the cluster: directories that it names first are empty. */
    public void declare(PostgresCluster cluster) {
        cluster.servers()
                .forEach(n -> servers.computeIfAbsent(n.directory(), d -> new FakeServer(d, n.name(), n.endpoint())));
        cluster.haproxies().forEach(p -> proxies.computeIfAbsent(p.node().directory(), d -> new FakeProxy()));
        cluster.poolers().forEach(p -> poolers.computeIfAbsent(p.node().directory(), d -> new FakePooler(p.node())));
    }

    /** Another server of Holdfast in a node's directory or on its port, as the host reports it. */
    private void occupants(Object estate, String[] node, FakeOutput output) {
        FakeServer own = servers.get(node[1]);
        if (own != null && !own.mark.isEmpty() && !own.mark.equals(estate + " " + node[0])) {
            output.record("occupant", "id", node[0], "where", "directory", "mark", own.mark, "directory", node[1]);
        }
        servers.values().stream()
                .filter(s -> s.up && s.endpoint.equals(node[3] + ":" + node[4]) && !s.directory.equals(node[1]))
                .filter(s -> own != null && !own.up)
                .forEach(s -> output.record(
                        "occupant", "id", node[0], "where", "port", "mark", s.mark, "directory", s.directory));
    }

    /** Takes over the state of the servers and proxies of another estate of the same cluster. */
    public void like(FakePostgres other) {
        FakeCopy copy = new FakeCopy();
        servers.forEach((directory, server) -> copy.copy(other.servers.get(directory), server));
        proxies.forEach((directory, proxy) -> copy.copy(other.proxies.get(directory), proxy));
        births = other.births;
    }

    FakeServer at(String name) {
        return servers.values().stream()
                .filter(s -> s.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    public FakeProxy proxy(String name) {
        return proxies.get(Trio.proxy(name).directory());
    }

    @Override
    public ActionResult answer(Action action, Instant now) {
        Map<String, Object> values = action.script().values();
        if (action instanceof Action.RunSql sql) {
            return sql(sql, values);
        }
        if (silentHosts.contains(action.host().name())
                || closedHosts.contains(action.host().name())) {
            return ActionResult.silent("no route to host");
        }
        if (action instanceof Action.WriteFile write) {
            return write(write, values);
        }
        if (action.script().file().startsWith("haproxy/")) {
            return proxy(action.script().file(), values);
        }
        if (action.script().file().startsWith("pgbouncer/")) {
            return pooler(action.script().file(), values);
        }
        return switch (action.script().file()) {
            case "host/look.sh" -> hostFacts(values);
            case "host/undeclared-look.sh" -> new FakeOutput("host/undeclared-look.sh").answer();
            case "postgres/look.sh" -> disks(values);
            case "postgres/rolechange-look.sh" ->
                isTooSlow(action.host().name())
                        ? ActionResult.silent("not within 5 s")
                        : new FakeTakeover(this).look(values);
            case "postgres/pgpass-look.sh" -> passwords(values);
            default -> onServer(action.script().file(), servers.get(values.get("directory")), values);
        };
    }

    /** Whether its standbys get messages from it. */
    boolean isReachable(FakeServer primary) {
        return primary.startingUp.isEmpty()
                && !isolatedHosts.contains(primary.name)
                && (standbysReceive || !silentHosts.contains(primary.name));
    }

    private boolean isTooSlow(String host) {
        boolean isLed = servers.values().stream().anyMatch(s -> s.up && !s.standby);
        return !isLed && slowHosts.merge(host, -1, Integer::sum) >= 0;
    }

    // ---- hosts

    /** Why a host cannot say whether a server runs, by the server's folder. */
    final Map<String, String> unclearServers = new LinkedHashMap<>();

    /** @param node id, directory, pid file, address and port */
    void append(String[] node, FakeOutput output) {
        FakeServer server = servers.get(node[1]);
        FakeProxy proxy = proxies.get(node[1]);
        FakePooler pooler = poolers.get(node[1]);
        boolean isUp = pooler != null
                ? pooler.up
                : server == null ? proxy.up && !node[0].endsWith(":read") : server.up || server.hangs;
        String mark = pooler != null ? pooler.mark : server == null ? proxy.mark : server.mark;
        String unclear = unclearServers.get(node[1]);
        boolean isTaken = isUp || taken.contains(node[3] + ":" + node[4]);
        output.record(
                "node",
                "id",
                node[0],
                "process",
                unclear != null ? "unknown" : isUp ? "up" : "down",
                "pid",
                "1",
                "owner",
                foreign.contains(node[1]) ? "foreign" : mark.isEmpty() ? "absent" : "ours",
                "port",
                unclear == null && isTaken ? "taken" : "free",
                "reason",
                unclear == null ? "" : unclear);
    }

    private ActionResult hostFacts(Map<String, Object> values) {
        FakeOutput output = new FakeOutput("host/look.sh");
        each(values, f -> {
            append(f, output);
            occupants(values.get("mark"), f, output);
        });
        List.of("haproxy", "pgbouncer", "psql", "socat", "perl", "flock", "runuser")
                .forEach(p -> output.record("program", "name", p, "path", "/bin/" + p));
        return output.answer();
    }

    private ActionResult disks(Map<String, Object> values) {
        FakeOutput output = new FakeOutput("postgres/look.sh").record("user", "name", user);
        programs.forEach((major, version) ->
                output.record("programs", "major", major, "version", version, "folder", "/pg/" + major));
        each(values, f -> {
            FakeServer server = servers.get(f[1]);
            if (!closed.isEmpty()) {
                output.record("closed", "id", f[0], "folder", closed);
            }
            if (server.odd) {
                output.record("odd", "id", f[0]);
            }
            if (server.up && !server.marks.containsKey("port")) {
                append(f[0], "port", server.endpoint.replaceFirst("(.*):(.*)", "$2\t$1"), output);
            }
            if (server.up && !server.otherProgram.isEmpty()) {
                output.record("program-file", "id", f[0], "running", server.otherProgram, "desired", "/pg/15/postgres");
            }
            append(f[0], server, output, Set.of("fence", "history", "took", "changed", "other-wal", "owner", "port"));
        });
        return output.answer();
    }

    /** @param kinds of the marks that the script reports */
    void append(String id, FakeServer server, FakeOutput output, Set<String> kinds) {
        if (server.data) {
            String role = server.standby ? "standby" : "primary";
            output.record("database", "id", id, "major", server.major, "role", role);
            if (!server.up) {
                output.record(
                        "control",
                        "id",
                        id,
                        "systemIdentifier",
                        server.systemIdentifier,
                        "state",
                        server.state,
                        "checkpointLsn",
                        new Lsn(server.end - 0x80),
                        "timeline",
                        server.timeline,
                        "recoveryLsn",
                        new Lsn(server.end),
                        "recoveryTimeline",
                        0,
                        "history",
                        server.history.strip().replace('\t', ' ').replace('\n', ','));
            }
        }
        server.marks.forEach((kind, text) -> {
            if (kinds.contains(kind)) {
                append(id, kind, text, output);
            }
        });
        server.files.forEach(
                (file, lines) -> lines.forEach(l -> output.record("file", "id", id, "name", file, "line", l)));
        output.record("written", "id", id, "seconds", server.written);
    }

    private static void append(String id, String kind, String text, FakeOutput output) {
        String[] f = text.split("\t", 2);
        switch (kind) {
            case "port" -> output.record("port", "id", id, "port", f[0], "address", f.length > 1 ? f[1] : "");
            case "rows" -> output.record("preserved", "id", id, "rows", f[0], "commits", f[1]);
            case "unread" -> output.record("unread", "id", id, "folder", f[0], "reason", f.length > 1 ? f[1] : "");
            default -> output.record("mark", "id", id, "kind", kind, "text", text);
        }
    }

    private ActionResult passwords(Map<String, Object> values) {
        FakeOutput output = new FakeOutput("postgres/pgpass-look.sh");
        each(values, f -> {
            if (servers.get(f[1]).knows.equals(values.get("replication"))) {
                output.record("current", "id", f[0]);
            }
        });
        return output.answer();
    }

    private ActionResult onServer(String script, FakeServer server, Map<String, Object> values) {
        switch (script) {
            case "postgres/node-directory.sh" -> {
                server.mark = values.get("mark").toString();
                server.marks.remove("owner");
            }
            case "postgres/configure.sh" -> {
                configure(server, "postgresql.conf", (Script) values.get("settings"));
                configure(server, "role.conf", (Script) values.get("role"));
                configure(server, "pg_hba.conf", (Script) values.get("access"));
                server.files.put("pg_ident.conf", List.of("holdfast " + user + " postgres"));
                server.knows = values.get("replication");
            }
            case "postgres/access.sh" -> {
                configure(server, "pg_hba.conf", (Script) values.get("access"));
                server.refuses = List.of("28000", "08004").contains(server.refuses) ? "" : server.refuses;
            }
            case "postgres/create.sh" -> {
                if (!server.data) {
                    server.born("7" + ++births);
                    String binaries = (String) values.get("binaries");
                    server.major = Integer.parseInt(binaries.substring(binaries.lastIndexOf('/') + 1));
                }
            }
            case "postgres/clone.sh" -> {
                withOtherWal.remove(server.name);
                return clone(server, values);
            }
            case "postgres/start.sh" -> {
                server.otherProgram = "";
                return start(server);
            }
            case "postgres/settings-check.sh" -> {
                FakeOutput output = new FakeOutput(script);
                if (cannotUse.contains(server.name)) {
                    output.record("refused", "reason", "FATAL: could not access file \"nothing\"");
                }
                return output.answer();
            }
            case "postgres/stop.sh" -> {
                if (cannotStop.contains(server.name)) {
                    return ActionResult.refused("1", "the server did not stop within 20 s");
                }
                if (tracksWal) {
                    stop(server);
                }
                server.up = false;
            }
            case "postgres/stop-immediate.sh" -> server.abandoned++;
            case "postgres/remove.sh" -> {
                FakeProxy proxy = proxies.get(values.get("directory"));
                if (proxy != null) {
                    proxy.up = false;
                    proxy.mark = "";
                } else {
                    server.up = false;
                    server.data = false;
                    server.mark = "";
                }
            }
            default -> {
                return new FakeTakeover(this).onHost(script, server, values);
            }
        }
        return ActionResult.ok("");
    }

    /** A clean stop: a primary writes a last record, and all that follow receive it. */
    public void stop(FakeServer server) {
        if (!server.standby) {
            server.end += 0x80;
            followers(server);
        }
        server.up = false;
        server.state = server.standby ? "shut down in recovery" : "shut down";
    }

    private static void configure(FakeServer server, String file, Script script) {
        List<String> lines = new ArrayList<>();
        if (file.equals("postgresql.conf")) {
            lines.add("include 'role.conf'");
        }
        lines.addAll(
                script.values().values().iterator().next().toString().lines().toList());
        if (!lines.equals(server.files.get(file))) {
            server.files.put(file, lines);
            server.written = Math.max(server.written, server.loaded) + 0.5;
        }
    }

    public ActionResult start(FakeServer server) {
        if (server.marks.containsKey("fence")) {
            return ActionResult.refused("1", "the member is fenced and not started: " + server.marks.get("fence"));
        }
        if (cannotStart.contains(server.name)) {
            return ActionResult.refused("1", "the server did not start: FATAL: could not access the lock file");
        }
        if (!server.data) {
            return ActionResult.refused("1", "no database there");
        }
        server.start();
        if (tracksWal) {
            server.state = server.standby ? "in archive recovery" : "in production";
            server.received = !server.standby;
        }
        server.marks.remove("needs");
        return ActionResult.ok("");
    }

    private ActionResult clone(FakeServer server, Map<String, Object> values) {
        FakeServer primary = byEndpoint(values.get("address") + ":" + values.get("port"));
        FakeServer.Role replicator = primary.roles.get("replicator");
        if (!primary.up
                || replicator == null
                || !primary.slots.contains(values.get("slot").toString())) {
            return ActionResult.refused("1", "pg_basebackup: no primary, no role or no slot");
        }
        server.cloned(primary);
        return ActionResult.ok("");
    }

    FakeServer byEndpoint(String endpoint) {
        return servers.values().stream()
                .filter(s -> s.endpoint.equals(endpoint))
                .findFirst()
                .orElseThrow();
    }

    private ActionResult write(Action.WriteFile write, Map<String, Object> values) {
        int conf = write.path().indexOf("/conf/");
        String directory = write.path().substring(0, conf);
        String file = write.path().substring(conf + 6);
        if (proxies.containsKey(directory)) {
            proxies.get(directory).write(file, values);
        } else {
            configure(servers.get(directory), file, write.script());
        }
        return ActionResult.ok("");
    }

    // ---- proxies

    private ActionResult proxy(String script, Map<String, Object> values) {
        if (script.equals("haproxy/look.sh")) {
            FakeOutput output = new FakeOutput(script);
            if (!haproxy.isEmpty()) {
                output.record("version", "version", haproxy);
            }
            each(values, f -> proxies.get(f[1]).append(f[0], output));
            return output.answer();
        }
        FakeProxy proxy = proxies.get(values.get("directory"));
        switch (script) {
            case "haproxy/node-directory.sh" -> proxy.mark = values.get("mark").toString();
            case "haproxy/start.sh" -> proxy.start();
            case "haproxy/route.sh" ->
                proxy.ready =
                        new TreeSet<>(values.get("ready").toString().lines().toList());
            default -> throw new AssertionError("nobody knows " + script);
        }
        return ActionResult.ok("");
    }

    // ---- poolers

    private ActionResult pooler(String script, Map<String, Object> values) {
        FakeOutput output = new FakeOutput(script);
        switch (script) {
            case "pgbouncer/look.sh" -> each(values, f -> poolers.get(f[1]).append(f[0], output));
            case "pgbouncer/userlist-look.sh" ->
                each(values, f -> {
                    if (values.get("password").equals(poolers.get(f[1]).password)) {
                        output.record("current", "id", f[0]);
                    }
                });
            default -> {
                return poolers.get(values.get("directory")).does(script, values);
            }
        }
        return output.answer();
    }

    static void each(Map<String, Object> values, java.util.function.Consumer<String[]> node) {
        values.get("nodes").toString().lines().map(l -> l.split("\t")).forEach(node);
    }

    // ---- servers

    private ActionResult sql(Action.RunSql sql, Map<String, Object> values) {
        if (poolers.containsKey(sql.node().directory())) {
            String endpoint = poolers.get(sql.node().directory()).leadsTo(sql.database());
            return endpoint.isEmpty()
                    ? ActionResult.silent("not within its deadline")
                    : sql(
                            new Action.RunSql(
                                    servers.values().stream()
                                            .filter(s -> s.endpoint.equals(endpoint))
                                            .map(s -> Trio.server(s.name))
                                            .findFirst()
                                            .orElseThrow(),
                                    sql.login(),
                                    sql.database(),
                                    sql.script(),
                                    sql.intent(),
                                    sql.deadline()),
                            values);
        }
        FakeServer server = servers.containsKey(sql.node().directory())
                ? servers.get(sql.node().directory())
                : behind(proxies.get(sql.node().directory()), sql.node().host().name());
        if (server == null) {
            return ActionResult.silent("the connection attempt failed");
        }
        if (server.up
                && servers.containsKey(sql.node().directory())
                && !server.endpoint.equals(sql.node().endpoint())) {
            return ActionResult.silent("connection refused: it listens on " + server.endpoint);
        }
        if (blocked.contains(sql.node().name()) && sql.node().directory().equals(server.directory)) {
            return ActionResult.silent("connection timed out");
        }
        if (silentHosts.contains(sql.node().host().name()) || !server.up || server.hangs) {
            return ActionResult.silent("connection refused");
        }
        if (!server.refuses.isEmpty()) {
            return ActionResult.refused(server.refuses, "sorry, too many clients already");
        }
        if (!server.startingUp.isEmpty()) {
            return ActionResult.refused("57P03", server.startingUp);
        }
        ActionResult loginSucceeds = loginSucceeds(server, sql.login());
        if (loginSucceeds.isOk() && sql.script().file().startsWith("postgres/pooler-lookup")) {
            return lookup(server, sql);
        }
        return loginSucceeds.isOk() ? answer(server, sql.node(), sql.script().file(), values) : loginSucceeds;
    }

    private static ActionResult lookup(FakeServer server, Action.RunSql sql) {
        if (sql.script().file().endsWith("-look.sql")) {
            return ActionResult.ok(List.of(Map.of("may", server.lookups.contains(sql.database()))));
        }
        if (!server.roles.containsKey("pgbouncer")) {
            return ActionResult.refused("42704", "role \"pgbouncer\" does not exist");
        }
        server.lookups.add(sql.database());
        return ActionResult.ok(List.of());
    }

    /** The server that a proxy sends writes to; nobody when all ways are closed. */
    private FakeServer behind(FakeProxy proxy, String host) {
        return proxy.ready.stream()
                .filter(r -> r.startsWith("primary/"))
                .map(r -> at(r.substring("primary/".length())))
                .filter(s -> s.name.equals(host) || !isolatedHosts.contains(host) && !isolatedHosts.contains(s.name))
                .findFirst()
                .orElse(null);
    }

    private static ActionResult loginSucceeds(FakeServer server, Credentials login) {
        FakeServer.Role role = server.roles.get(login.user());
        boolean isWrong = role == null || !role.password.equals(login.password()) || role.expired;
        if (role == null || !login.user().equals("postgres") && isWrong) {
            return ActionResult.refused("28P01", "password authentication failed for user \"" + login.user() + "\"");
        }
        return ActionResult.ok("");
    }

    private ActionResult answer(FakeServer server, Node node, String script, Map<String, Object> values) {
        Object role = values.get("role");
        switch (script) {
            case "postgres/look.sql", "postgres/rolechange-look.sql" -> {
                return ActionResult.ok(new FakeRows(this, server).all(values));
            }
            case "postgres/follower-state.sql" -> {
                return ActionResult.ok(new FakeRows(this, server).again());
            }
            case "postgres/primary-system.sql" -> {
                return ActionResult.ok(List.of(server.standby ? Map.of() : Map.of("system", server.systemIdentifier)));
            }
            case "postgres/login.sql" -> {
                return ActionResult.ok(List.of(Map.of("me", node.name())));
            }
            case "postgres/create-role.sql" -> {
                if (server.roles.putIfAbsent(
                                role.toString(), new FakeServer.Role(((ScramVerifier) values.get("verifier")).secret()))
                        != null) {
                    return ActionResult.refused("42710", "role already exists");
                }
            }
            case "postgres/role-password.sql" ->
                server.roles.get(role).password = ((ScramVerifier) values.get("verifier")).secret();
            case "postgres/role-replication.sql" -> rights(server, role, true, false);
            case "postgres/role-rewind.sql" -> rights(server, role, false, true);
            case "postgres/role-unexpired.sql" -> server.roles.get(role.toString()).expired = false;
            case "postgres/role-user.sql" -> rights(server, role, false, false);
            case "postgres/grant-role.sql" ->
                server.roles.get(role).memberOf.add(values.get("granted").toString());
            case "postgres/revoke-role.sql" ->
                server.roles.get(role).memberOf.remove(values.get("granted").toString());
            case "postgres/create-database.sql" ->
                server.databases.add(values.get("database").toString());
            case "postgres/create-slot.sql" ->
                server.slots.add(values.get("slot").toString());
            case "postgres/reset-setting.sql" ->
                server.altered.remove(values.get("name").toString());
            case "postgres/reload.sql" -> server.read();
            case "postgres/checkpoint.sql" -> {
                server.end += server.standby ? 0 : 0x100;
                server.checkpointAge = 0;
                server.controlTimeline = server.timeline;
            }
            default -> {
                return new FakeTakeover(this).onServer(script, server, values);
            }
        }
        return ActionResult.ok(List.of());
    }

    private static void rights(FakeServer server, Object name, boolean replication, boolean rewind) {
        FakeServer.Role role = server.roles.get(name.toString());
        role.superuser = false;
        role.replication = replication;
        role.mayRewind = rewind;
    }

    /** The running standbys whose settings let them follow this server, in any order. */
    public List<FakeServer> followers(FakeServer primary) {
        FakeServer.Role replicator = primary.roles.get("replicator");
        return servers.values().stream()
                .filter(s -> s.up
                        && !s.hangs
                        && s.standby
                        && s != primary
                        && (standbysReceive || !silentHosts.contains(s.name)))
                .filter(s -> s.follows().equals(primary.endpoint) && s.timeline <= primary.timeline)
                .filter(s -> !tracksWal || s.canFollow(primary) && isLinked(s, primary))
                .filter(s -> primary.slots.contains(s.setting("primary_slot_name")) && !withOtherWal.contains(s.name))
                .filter(s -> replicator != null && replicator.password.equals(replication))
                .peek(s -> s.receive(primary))
                .toList();
    }

    private boolean isLinked(FakeServer standby, FakeServer primary) {
        return primary.up
                && !primary.hangs
                && !isolatedHosts.contains(standby.name)
                && !isolatedHosts.contains(primary.name)
                && standby.systemIdentifier.equals(primary.systemIdentifier);
    }

    static List<String> list(Object value) {
        return Arrays.asList(value.toString().split(","));
    }

    /** Adds one line of the facts a server tells. */
    static void append(List<Map<String, Object>> rows, String kind, String name, Object... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            rows.add(row(kind, name, pairs[i].toString(), pairs[i + 1]));
        }
    }
}
