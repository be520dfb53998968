package dev.holdfast.mongodb.restore;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Action.RunDocumentCommand;
import dev.holdfast.execution.Action.RunScript;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.configuration.ServerConfiguration;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.restore.ResolvedTarget.Pick;
import dev.holdfast.mongodb.topology.ClusterRules;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.ClusterTime;
import dev.holdfast.mongodb.value.JsonText;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.mongodb.value.OpTime;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The standalone server of a set during its restore: its start, its queries and its stop. */
record StandaloneServer(RestoreState state, MongoSet set) {

    static final Duration SOON = Duration.ofMinutes(3);
    static final Duration LONG = Duration.ofHours(12);

    Node builder() {
        return RestoreDestination.builder(set);
    }

    Node standalone() {
        return state.target().standalone(set);
    }

    Credentials member() {
        return state.target().credentials().member();
    }

    Pick pick() {
        return state.resolvedTarget().picks().get(set.name());
    }

    String lane() {
        return builder().id();
    }

    String mark(Node node) {
        return HostFacts.mark(state.target().topology().name(), node);
    }

    Script about(String file) {
        return Script.of("mongodb/" + file)
                .with("directory", builder().directory())
                .with("mark", mark(builder()));
    }

    static RunScript exec(Host host, Script script, Duration deadline) {
        return new RunScript(host, script, Access.CHANGE, deadline);
    }

    RunScript exec(Script script, Duration deadline) {
        return exec(builder().host(), script, deadline);
    }

    Condition state(Node node, String... desired) {
        return new Condition(
                node.id() + " is " + String.join(" or ", desired) + " for "
                        + state.resolvedTarget().order(),
                context -> {
                    RestoreState.Progress now =
                            RestoreState.progress(context, List.of(node)).get(node);
                    boolean there = now.order().equals(state.resolvedTarget().order())
                            && List.of(desired).contains(now.state());
                    return new ProbeResult(there, node.id() + " is " + now.state() + " " + now.order());
                });
    }

    /** Returns the condition that it answers and belongs to no set. */
    Condition answersAlone() {
        return new Condition(standalone().id() + " answers on " + standalone().endpoint() + ", standalone", context -> {
            MongoDocument hello = MongoDocument.of(
                    context.ask(ServerQueries.hello(standalone())).row());
            return new ProbeResult(
                    !hello.isEmpty() && hello.text("setName").isEmpty(),
                    hello.isEmpty() ? "no answer" : standalone().id() + " answers");
        });
    }

    /** @param fill whether checkpoints are off, because the oplog is ahead of the data */
    Script serve(boolean fill, boolean replay) {
        Node standalone = standalone();
        ServerConfiguration options = ServerConfiguration.of(state.target().cluster(), builder());
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
                .map(e -> JsonText.of(e.getKey()) + ": " + JsonText.of(e.getValue()) + "\n")
                .collect(Collectors.joining());
        Script conf = Script.of("mongodb/restore.conf")
                .with("address", JsonText.of(standalone.host().address()))
                .with("port", standalone.port())
                .with("run", JsonText.of(standalone.run()))
                .with("data", JsonText.of(standalone.data()))
                .with("log", JsonText.of(standalone.log() + "/restore.log"))
                .with("keyfile", JsonText.of(standalone.directory() + "/keyfile"))
                .with("compressors", JsonText.of(options.owned().get(ClusterRules.COMPRESSORS)))
                .with("settings", lines)
                .with("parameters", JsonText.of(parameters));
        return about("restore-start.sh")
                .with("program", ServerProcess.program(state.target().cluster(), standalone.host(), Node.Kind.MONGOD))
                .with("address", standalone.host().address())
                .with("port", standalone.port())
                .with("conf", conf)
                .with("patience", LONG.toSeconds())
                .with("touch", fill || !pick().isReplayed() ? "yes" : "no");
    }

    ClusterTime last(ExecutionContext context) {
        return ServerQueries.find(context, standalone(), member(), "local", "oplog-last.json").stream()
                .findFirst()
                .map(o -> ClusterTime.of(OpTime.of(o)))
                .orElse(ClusterTime.NONE);
    }

    Condition down() {
        return ClusterConditions.down(state.target().topology().name(), builder());
    }

    Step stop(String title, String state) {
        Script script =
                about("restore-stop.sh").with("settle", 0).with("how", "TERM").with("state", state);
        return Step.on(lane(), title)
                .because("the changes are then on disk, and a later run does not repeat them")
                .type(exec(script, LONG))
                .until(state(builder(), state), SOON);
    }

    RunDocumentCommand command(String database, Script script) {
        return new RunDocumentCommand(standalone(), member(), database, script, Access.CHANGE, SOON);
    }
}
