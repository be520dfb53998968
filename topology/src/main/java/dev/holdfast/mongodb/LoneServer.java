package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.mongodb.Wish.Pick;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Step;
import dev.holdfast.world.Action.Command;
import dev.holdfast.world.Action.Exec;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Login;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The server of a set that is being brought back, alone on the copy: how it is started, asked and stopped. */
record LoneServer(RestoreSeen seen, MongoSet set) {

    static final Duration SOON = Duration.ofMinutes(3);
    static final Duration LONG = Duration.ofHours(12);

    Node builder() {
        return RestoreTarget.builder(set);
    }

    Node bench() {
        return seen.target().bench(set);
    }

    Login member() {
        return seen.target().logins().member();
    }

    Pick pick() {
        return seen.wish().picks().get(set.name());
    }

    String lane() {
        return builder().id();
    }

    String mark(Node node) {
        return Footing.mark(seen.target().topology().name(), node);
    }

    Script about(String file) {
        return Script.of("mongodb/" + file)
                .with("directory", builder().directory())
                .with("mark", mark(builder()));
    }

    static Exec exec(Host host, Script script, Duration deadline) {
        return new Exec(host, script, Intent.CHANGE, deadline);
    }

    Exec exec(Script script, Duration deadline) {
        return exec(builder().host(), script, deadline);
    }

    Condition state(Node node, String... wanted) {
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

    /** It answers outside of any set. */
    Condition answersAlone() {
        return new Condition(bench().id() + " answers on " + bench().endpoint() + ", alone", world -> {
            Doc hello = Doc.of(world.ask(MongoProbes.hello(bench())).row());
            return new Glimpse(
                    !hello.isEmpty() && hello.text("setName").isEmpty(), hello.isEmpty() ? "no answer" : "it answers");
        });
    }

    /** @param fill takes no checkpoints, for the history is ahead of the data */
    Script serve(boolean fill, boolean replay) {
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

    Stamp last(World world) {
        return MongoProbes.find(world, bench(), member(), "local", "oplog-last.json").stream()
                .findFirst()
                .map(o -> Stamp.of(Optime.of(o)))
                .orElse(Stamp.NONE);
    }

    Condition down() {
        return MongoUntil.down(seen.target().topology().name(), builder());
    }

    Step stop(String title, String state) {
        Script script =
                about("restore-stop.sh").with("settle", 0).with("how", "TERM").with("state", state);
        return Step.on(lane(), title)
                .because("what was done is then on disk, and is not done again")
                .type(exec(script, LONG))
                .until(state(builder(), state), SOON);
    }

    Command say(String database, Script script) {
        return new Command(bench(), member(), database, script, Intent.CHANGE, SOON);
    }
}
