package dev.holdfast.drill.config;

import dev.holdfast.config.ConfigCursor;
import dev.holdfast.config.ConfigNode;
import dev.holdfast.config.Suggestion;
import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillSelector;
import dev.holdfast.drill.DrillSettings;
import dev.holdfast.drill.FaultInjection;
import dev.holdfast.drill.FaultTarget;
import dev.holdfast.drill.Invariant;
import dev.holdfast.drill.RecoveryMode;
import dev.holdfast.drill.Scenario;
import dev.holdfast.drill.TargetSelector;
import dev.holdfast.drill.fault.Fault;
import dev.holdfast.drill.scenario.FaultScenario;
import dev.holdfast.drill.scenario.SwitchoverScenario;
import dev.holdfast.engine.DrillProfile.GroupRole;
import dev.holdfast.engine.DrillProfile.OwnQuery;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Engine.Statements;
import dev.holdfast.ledger.Check;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Builds a drill from its file, or reports all errors of the file. */
public final class DrillReader {

    private static final String ESTATE = "estate";
    private static final List<String> USUAL_CLAIMS = List.of(
            "no-acknowledged-write-lost",
            "no-unexpected-writes",
            "fault-took-effect",
            "service-restored",
            "loss-within-rpo",
            "other-clients-unaffected",
            "estate-healthy");

    /** The names that a drill file can use. */
    public record Parts(List<Engine> engines, List<Fault> faults, List<Check> checks) {}

    /** @param drill absent when a problem is an error */
    public record Result(Optional<Drill> drill, List<Problem> problems) {}

    private final Topology topology;
    private final Parts parts;
    private final Function<String, Optional<Map<String, Object>>> json;

    /** @param json parses the text of a document; empty when it is not one */
    public DrillReader(Topology topology, Parts parts, Function<String, Optional<Map<String, Object>>> json) {
        this.topology = topology;
        this.parts = parts;
        this.json = json;
    }

    public Result read(ConfigNode tree) {
        List<Problem> problems = new ArrayList<>();
        ConfigNode present = FormerDrillWords.replaced(tree, problems);
        ConfigCursor file = ConfigCursor.examined(present, DrillSchema.of(parts.engines()), problems);
        Drill drill = drill(file);
        problems.sort(Problem.BY_PLACE);
        boolean isWrong = problems.stream().anyMatch(Problem::isError);
        return new Result(isWrong ? Optional.empty() : Optional.of(drill), List.copyOf(problems));
    }

    private Drill drill(ConfigCursor file) {
        List<String> claims = new ArrayList<>(claims(file.at("claims")));
        DrillSettings circumstances = circumstances(file);
        if (!circumstances.invariants().isEmpty() && !claims.contains("custom-invariants")) {
            claims.add("custom-invariants");
        }
        return new Drill(
                file.at("drill").text(""),
                file.at("description").text(""),
                target(file.at("target")),
                scenario(file),
                claims,
                file.at("untested").items().stream().map(r -> r.text("")).toList(),
                circumstances);
    }

    private DrillSelector target(ConfigCursor word) {
        String text = word.text(ESTATE);
        if (text.equals(ESTATE)) {
            return DrillSelector.ESTATE;
        }
        String[] names = text.split("/", 2);
        Optional<Cluster> cluster = topology.cluster(names[0]);
        if (cluster.isEmpty()) {
            List<String> known = new ArrayList<>(
                    topology.clusters().stream().map(Cluster::name).toList());
            known.add(ESTATE);
            word.wrong("unknown cluster \"" + names[0] + "\"", Suggestion.hint(names[0], known, "the targets are: "));
            return DrillSelector.ESTATE;
        }
        List<String> groups = parts.engines().stream()
                .filter(e -> e.name().equals(cluster.get().engine()))
                .flatMap(e -> e.drillProfile(topology, cluster.get()).groups(GroupRole.DATA).stream())
                .toList();
        String group = names.length > 1 ? names[1] : "";
        if (!group.isEmpty() && !groups.contains(group)) {
            word.wrong(
                    "\"" + names[0] + "\" has no group of data called \"" + group + "\"",
                    Suggestion.hint(group, groups, "the groups are: "));
        }
        return new DrillSelector(cluster.get().engine(), GroupRole.DATA, names[0], group);
    }

    private Scenario scenario(ConfigCursor file) {
        String word = file.at("recovery").text("");
        RecoveryMode recovery = Arrays.stream(RecoveryMode.values())
                .filter(r -> r.word().equals(word))
                .findFirst()
                .orElse(RecoveryMode.BY_ITSELF);
        List<FaultInjection> injections =
                file.at("faults").items().stream().map(this::injection).toList();
        if (injections.isEmpty()) {
            return new SwitchoverScenario(recovery == RecoveryMode.BY_FAILOVER);
        }
        return new FaultScenario(
                injections,
                recovery,
                file.at("hold").span().orElse(Duration.ofSeconds(1)),
                file.at("acceptDataLoss").flag(false));
    }

    private FaultInjection injection(ConfigCursor keys) {
        ConfigCursor name = keys.at("fault");
        Optional<Fault> fault = parts.faults().stream()
                .filter(f -> f.name().equals(name.text("")))
                .findFirst();
        if (fault.isEmpty() && name.scalar().isPresent()) {
            name.wrong(
                    "unknown fault \"" + name.text("") + "\"",
                    Suggestion.hint(
                            name.text(""),
                            parts.faults().stream().map(Fault::name).toList(),
                            "the faults are: "));
        }
        Optional<FaultTarget> from =
                keys.at("from").isPresent() ? Optional.of(faultTarget(keys.at("from"))) : Optional.empty();
        if (fault.isPresent() && fault.get().isOfLink() != from.isPresent()) {
            keys.wrong(
                    from.isPresent()
                            ? "\"" + fault.get().name() + "\" is not a fault of a link"
                            : "\"" + fault.get().name() + "\" is a fault of a link, and \"from\" is missing",
                    from.isPresent() ? "remove from:" : "add from: with a host or a role such as standby");
        }
        return new FaultInjection(
                fault.orElse(parts.faults().get(0)),
                faultTarget(keys.at("target")),
                from,
                keys.at("at").span().orElse(Duration.ZERO),
                keys.at("for").span());
    }

    private FaultTarget faultTarget(ConfigCursor word) {
        String text = word.text("");
        Optional<TargetSelector> selector = Arrays.stream(TargetSelector.values())
                .filter(a -> a.word().equals(text))
                .findFirst();
        if (selector.isPresent()) {
            return selector.get();
        }
        List<String> known = new ArrayList<>(
                Arrays.stream(TargetSelector.values()).map(TargetSelector::word).toList());
        topology.hosts().values().stream().map(Host::name).forEach(known::add);
        topology.nodes().stream().map(Node::id).forEach(known::add);
        if (word.scalar().isPresent() && !known.contains(text)) {
            word.wrong(
                    "\"" + text + "\" is not a role, a host or a server",
                    Suggestion.hint(text, known, "roles, hosts and servers: "));
        }
        return new FaultTarget.Named(text);
    }

    private List<String> claims(ConfigCursor list) {
        List<String> known = parts.checks().stream().map(Check::name).toList();
        for (ConfigCursor claim : list.items()) {
            if (claim.scalar().isPresent() && !known.contains(claim.text(""))) {
                claim.wrong(
                        "unknown claim \"" + claim.text("") + "\"",
                        Suggestion.hint(claim.text(""), known, "the claims are: "));
            }
        }
        return list.isPresent() ? list.items().stream().map(c -> c.text("")).toList() : USUAL_CLAIMS;
    }

    private DrillSettings circumstances(ConfigCursor file) {
        DrillSettings usual = DrillSettings.USUAL;
        ConfigCursor gates = file.at("gates");
        Map<String, Workload.Own> own = new HashMap<>();
        file.at("workload")
                .at("writes")
                .items()
                .forEach(w -> own.put(w.at("cluster").text(""), write(w)));
        return new DrillSettings(
                file.at("workload").at("rate").whole().map(OptionalInt::of).orElse(OptionalInt.empty()),
                gates.at("lag").span().orElse(usual.lag()),
                gates.at("disk").megabytes().map(m -> (long) m << 20).orElse(usual.freeBytes()),
                gates.at("backup").span(),
                file.at("abort").at("othersSilent").span().orElse(usual.othersSilent()),
                own,
                file.at("invariants").items().stream().map(this::invariant).toList());
    }

    private Workload.Own write(ConfigCursor keys) {
        String words = keys.at(takesCommands(keys) ? "command" : "sql").text("");
        return new Workload.Own(keys.at("database").text(""), words);
    }

    private Invariant invariant(ConfigCursor keys) {
        boolean isCommand = takesCommands(keys);
        String words = keys.at(isCommand ? "command" : "sql").text("");
        return new Invariant(
                keys.at("claim").text(""),
                keys.at("cluster").text(""),
                new OwnQuery(
                        keys.at("database").text(""),
                        words,
                        isCommand ? json.apply(words).orElse(Map.of()) : Map.of()),
                isCommand ? keys.at("field").text("n") : "",
                keys.at("expect").text(""));
    }

    /** Whether a cluster receives a command and not SQL; reports what does not fit its engine. */
    private boolean takesCommands(ConfigCursor keys) {
        ConfigCursor name = keys.at("cluster");
        Optional<Cluster> cluster = topology.cluster(name.text(""));
        if (cluster.isEmpty() && name.scalar().isPresent()) {
            name.wrong(
                    "unknown cluster \"" + name.text("") + "\"",
                    Suggestion.hint(
                            name.text(""),
                            topology.clusters().stream().map(Cluster::name).toList(),
                            "the clusters are: "));
        }
        boolean isCommand = cluster.filter(this::takesCommands).isPresent();
        ConfigCursor words = keys.at(isCommand ? "command" : "sql");
        if (cluster.isPresent() && words.scalar().isEmpty()) {
            keys.wrong(
                    "\"" + name.text("") + "\" is " + cluster.get().engine() + ", and it needs "
                            + (isCommand ? "command" : "sql"),
                    isCommand ? "add database: and command: with a command as JSON" : "add sql: with one statement");
        } else if (isCommand && json.apply(words.text("")).isEmpty()) {
            words.wrong("this is not a JSON document", "write it in single quotes: '{ \"count\": \"message\" }'");
        } else if (isCommand && keys.at("database").scalar().isEmpty()) {
            keys.wrong("\"database\" is missing", "add database: the database that runs the command");
        }
        return isCommand;
    }

    private boolean takesCommands(Cluster cluster) {
        return parts.engines().stream()
                .filter(e -> e.name().equals(cluster.engine()))
                .anyMatch(e -> e.statements() == Statements.COMMANDS);
    }
}
