package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Reach;
import dev.holdfast.mongodb.MongoCluster.Member;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.mongodb.MongoCluster.Role;
import dev.holdfast.mongodb.SetShape.MemberShape;
import dev.holdfast.mongodb.Wish.Pick;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Step;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Command;
import dev.holdfast.world.Action.Exec;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Login;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
record SetReturn(RestoreSeen seen, MongoSet set) {

    private static final Duration SOON = Duration.ofMinutes(3);
    private static final Duration LONG = Duration.ofHours(12);
    private static final int SETTLE = 2;

    private Node builder() {
        return RestoreTarget.builder(set);
    }

    private Node bench() {
        return seen.target().bench(set);
    }

    private Login member() {
        return seen.target().logins().member();
    }

    private Pick pick() {
        return seen.wish().picks().get(set.name());
    }

    private String lane() {
        return builder().id();
    }

    private String mark(Node node) {
        return Footing.mark(seen.target().topology().name(), node);
    }

    private Script about(String file) {
        return Script.of("mongodb/" + file)
                .with("directory", builder().directory())
                .with("mark", mark(builder()));
    }

    private static Exec exec(Host host, Script script, Duration deadline) {
        return new Exec(host, script, Intent.CHANGE, deadline);
    }

    private Exec exec(Script script, Duration deadline) {
        return exec(builder().host(), script, deadline);
    }

    private Condition state(Node node, String... wanted) {
        return new Condition(
                node.id() + " is " + String.join(" or ", wanted) + " for "
                        + seen.wish().order(),
                world -> {
                    RestoreSeen.Progress now =
                            RestoreSeen.progress(world, List.of(node)).get(node);
                    boolean there = now.order().equals(seen.wish().order())
                            && List.of(wanted).contains(now.state());
                    return new Glimpse(there, "it is " + now.state() + " " + now.order());
                });
    }

    List<Step> replay() {
        if (seen.is(builder(), "replayed", "ready", "verified")) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>(List.of(unpack()));
        if (pick().isReplayed()) {
            steps.add(serve("Start " + lane() + " alone on the copy", "its history shall be given to it", true));
            steps.add(pour());
            steps.add(kill());
            steps.add(replayNow());
        } else {
            steps.add(serve("Start " + lane() + " alone on the copy", "it replays what the copy has", false));
        }
        steps.add(stop("Stop " + lane() + " with the moment on disk", "replayed"));
        return steps;
    }

    private Step unpack() {
        MemberCopy copy = pick().copy();
        String folder = seen.stock().repository().copy(set.name(), copy.label());
        Script script = about("restore-unpack.sh")
                .with("order", seen.wish().order())
                .with("archive", folder + "/" + copy.archive())
                .with("checksum", copy.sha256())
                .with("size", copy.size())
                .with("keyfile", seen.target().cluster().keyFile());
        return Step.on(lane(), "Unpack copy " + copy.label() + " of " + set.name())
                .because("it ends at " + copy.top() + ", the last before "
                        + seen.wish().moment())
                .type(exec(script, LONG))
                .until(state(builder(), "unpacked"), LONG);
    }

    private Step serve(String title, String because, boolean fill) {
        return Step.on(lane(), title)
                .because(because)
                .type(exec(serve(fill, !fill), LONG))
                .until(answersAlone(), SOON);
    }

    /** It answers outside of any set. */
    private Condition answersAlone() {
        return new Condition(bench().id() + " answers on " + bench().endpoint() + ", alone", world -> {
            Doc hello = Doc.of(world.ask(MongoProbes.hello(bench())).row());
            return new Glimpse(
                    !hello.isEmpty() && hello.text("setName").isEmpty(), hello.isEmpty() ? "no answer" : "it answers");
        });
    }

    /** @param fill takes no checkpoints, for the history is ahead of the data */
    private Script serve(boolean fill, boolean replay) {
        Node bench = bench();
        ServerOptions options = ServerOptions.of(seen.target().cluster(), builder());
        Map<String, Object> settings = new LinkedHashMap<>();
        options.settings().forEach((k, v) -> {
            if (k.startsWith("storage.")) {
                settings.put(k, v);
            }
        });
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("enableLocalhostAuthBypass", false);
        parameters.put("disableLogicalSessionCacheRefresh", true);
        parameters.put("ttlMonitorEnabled", false);
        parameters.put("skipShardingConfigurationChecks", true);
        parameters.put("diagnosticDataCollectionEnabled", false);
        if (fill) {
            settings.put("storage.syncPeriodSecs", 0);
        }
        if (replay) {
            parameters.put("recoverFromOplogAsStandalone", true);
            parameters.put("takeUnstableCheckpointOnShutdown", true);
        }
        String lines = settings.entrySet().stream()
                .map(e -> Json.of(e.getKey()) + ": " + Json.of(e.getValue()) + "\n")
                .collect(Collectors.joining());
        Script conf = Script.of("mongodb/restore.conf")
                .with("address", Json.of(bench.host().address()))
                .with("port", bench.port())
                .with("run", Json.of(bench.run()))
                .with("data", Json.of(bench.data()))
                .with("log", Json.of(bench.log() + "/restore.log"))
                .with("keyfile", Json.of(bench.directory() + "/keyfile"))
                .with("settings", lines)
                .with("parameters", Json.of(parameters));
        return about("restore-serve.sh")
                .with("program", MongoServer.program(seen.target().cluster(), Node.Kind.MONGOD))
                .with("address", bench.host().address())
                .with("port", bench.port())
                .with("conf", conf)
                .with("patience", LONG.toSeconds())
                .with("touch", fill || !pick().isReplayed() ? "yes" : "no");
    }

    private Step pour() {
        Script script = Script.of("mongodb/oplog-pour.json")
                .with("after", pick().copy().top().json())
                .with("through", seen.wish().moment().json());
        Condition there = new Condition("the last operation in its history is " + pick().last(), world -> {
            Stamp last = last(world);
            return new Glimpse(last.equals(pick().last()), "it is " + last);
        });
        return Step.on(lane(), "Give it the archive from " + pick().copy().top() + " to " + pick().last())
                .because("these are the operations between the copy and "
                        + seen.wish().moment())
                .type(
                        // a copy of a primary says up to where its history is without holes: it would be cut off there
                        say("local", Script.of("mongodb/restore-untruncated.json")),
                        new Action.Pour(
                                bench(),
                                member(),
                                "local",
                                seen.stock().repository().oplog(set.name()),
                                script,
                                LONG))
                .until(there, SOON);
    }

    private Stamp last(World world) {
        return MongoProbes.find(world, bench(), member(), "local", "oplog-last.json").stream()
                .findFirst()
                .map(o -> Stamp.of(Optime.of(o)))
                .orElse(Stamp.NONE);
    }

    private Step kill() {
        Script script = about("restore-stop.sh")
                .with("settle", SETTLE)
                .with("how", "KILL")
                .with("state", "");
        return Step.on(lane(), "Kill it after " + SETTLE + " s, when what it was given is in its journal")
                .because("an orderly end would take a checkpoint that skips the replay")
                .type(exec(script, SOON))
                .until(down(), SOON);
    }

    private Condition down() {
        return new Condition("the process of " + lane() + " is gone", world -> {
            Footing footing = Footing.look(
                            world, seen.target().topology().name(), List.of(builder()), MongoServer::pidFile, List.of())
                    .get(builder());
            return new Glimpse(footing.isDown(), "its process is " + footing.process());
        });
    }

    private Step replayNow() {
        Condition replayed = new Condition("it has replayed its history up to " + pick().last(), world -> {
            String told = world.ask(new Exec(
                            builder().host(),
                            Script.of("mongodb/restore-told.sh")
                                    .with("directory", builder().directory()),
                            Intent.LOOK,
                            SOON))
                    .text()
                    .strip()
                    .replace('\t', ' ')
                    .replace('\n', ';');
            String top = "top " + pick().last().seconds() + " " + pick().last().increment();
            boolean answers = answersAlone().look().at(world).holds();
            return new Glimpse(
                    answers
                            && told.contains(top)
                            && told.contains("applied ")
                            && last(world).equals(pick().last()),
                    "it says: " + told);
        });
        return Step.on(lane(), "Start it to replay its history")
                .because("the server's own replay knows every kind of operation")
                .type(exec(serve(false, true), LONG))
                .until(replayed, SOON);
    }

    private Step stop(String title, String state) {
        Script script =
                about("restore-stop.sh").with("settle", 0).with("how", "TERM").with("state", state);
        return Step.on(lane(), title)
                .because("what was done is then on disk, and is not done again")
                .type(exec(script, LONG))
                .until(state(builder(), state), SOON);
    }

    List<Step> identity() {
        if (seen.is(builder(), "ready", "verified")) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        steps.add(Step.on(lane(), "Start " + lane() + " alone once more")
                .because("it still knows itself by its old name")
                .type(exec(serve(false, false), SOON))
                .until(answersAlone(), SOON));
        steps.add(rename());
        steps.add(stop("Stop " + lane() + " under its new name", "ready"));
        return steps;
    }

    private Step rename() {
        List<Action> actions = new ArrayList<>(List.of(say("local", restoredSet())));
        MongoCluster cluster = seen.target().cluster();
        if (set.role() == Role.CONFIG) {
            List<Map<String, Object>> updates = cluster.sets().stream()
                    .map(s -> Map.<String, Object>of(
                            "q", Map.of("_id", s.name()), "u", Map.of("$set", Map.of("host", hosts(s)))))
                    .toList();
            actions.add(say("config", Script.of("mongodb/restore-shards.json").with("updates", updates)));
            actions.add(say("config", Script.of("mongodb/restore-routers.json")));
        } else if (set.role() == Role.SHARD) {
            String servers = cluster.configServers().map(SetReturn::hosts).orElse("");
            actions.add(say("admin", Script.of("mongodb/restore-identity.json").with("servers", servers)));
            actions.add(say("admin", Script.of("mongodb/restore-recovery.json")));
        }
        Condition known = new Condition("it knows " + hosts(set), world -> known(world));
        return Step.on(lane(), "Tell it that it is " + hosts(set))
                .because("the copy names the servers it was made of")
                .type(actions)
                .until(known, SOON);
    }

    /** What clients and other sets know of a set. */
    private static String hosts(MongoSet set) {
        return set.name() + "/"
                + set.members().stream()
                        .filter(m -> !m.arbiter() && !m.hidden())
                        .map(m -> m.node().endpoint())
                        .collect(Collectors.joining(","));
    }

    private Script restoredSet() {
        List<Map<String, Object>> members = new ArrayList<>();
        for (Member member : set.members()) {
            members.add(MemberShape.of(member).over(Map.of("_id", members.size())));
        }
        return Script.of("mongodb/restore-set.json")
                .with("set", set.name())
                .with("members", members)
                .with("election", set.electionTimeout().toMillis())
                .with("heartbeat", set.heartbeat().toMillis());
    }

    private Command say(String database, Script script) {
        return new Command(bench(), member(), database, script, Intent.CHANGE, SOON);
    }

    private Glimpse known(World world) {
        Doc config = MongoProbes.find(world, bench(), member(), "local", "stored-config.json").stream()
                .findFirst()
                .orElse(Doc.EMPTY);
        List<String> names =
                config.docs("members").stream().map(m -> m.text("host")).toList();
        boolean itself = names.equals(set.nodes().stream().map(Node::endpoint).toList());
        boolean others = true;
        if (set.role() == Role.CONFIG) {
            List<String> listed = MongoProbes.find(world, bench(), member(), "config", "shards.json").stream()
                    .map(s -> s.text("host"))
                    .toList();
            others = seen.target().cluster().sets().stream().allMatch(s -> listed.contains(hosts(s)));
        } else if (set.role() == Role.SHARD) {
            others = MongoProbes.find(world, bench(), member(), "admin", "shard-identity.json").stream()
                    .anyMatch(i -> i.text("configsvrConnectionString")
                            .equals(seen.target()
                                    .cluster()
                                    .configServers()
                                    .map(SetReturn::hosts)
                                    .orElse("")));
        }
        return new Glimpse(itself && others, "it knows " + names);
    }

    /** The other members whose files are on the same machine; any others copy by themselves when they are started. */
    List<Step> spread() {
        if (!seen.is(builder(), "ready")) {
            return List.of();
        }
        return set.members().stream()
                .filter(m -> !m.arbiter() && !m.node().equals(builder()))
                .map(Member::node)
                .filter(n -> isHere(n) && !seen.is(n, "ready", "verified"))
                .map(this::spread)
                .toList();
    }

    private boolean isHere(Node node) {
        return node.host().reach() instanceof Reach.Local && builder().host().reach() instanceof Reach.Local;
    }

    private Step spread(Node node) {
        Script script = Script.of("mongodb/restore-spread.sh")
                .with("from", builder().directory())
                .with("directory", node.directory())
                .with("mark", mark(node));
        return Step.on(node.id(), "Copy what was brought back to " + node.id())
                .because("a member that has the data needs no first copy over the network")
                .type(exec(node.host(), script, LONG))
                .until(state(node, "ready"), LONG);
    }
}
