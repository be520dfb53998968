package dev.holdfast.drill;

import dev.holdfast.drill.fault.Fault;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Nearest;
import dev.holdfast.engine.Reading;
import dev.holdfast.engine.Rehearsal.Part;
import dev.holdfast.engine.Tree;
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

/** Makes a drill of what stands in its file, or tells everything that is in the way. */
public final class DrillReader {

    private static final String ESTATE = "estate";
    private static final List<String> USUAL_CLAIMS = List.of(
            "nothing-lost",
            "nothing-invented",
            "took-effect",
            "served-again",
            "loss-within-objective",
            "others-untouched",
            "ends-whole");

    /** What a drill may be made of. */
    public record Parts(List<Engine> engines, List<Fault> faults, List<Check> checks) {}

    /** @param drill absent when a problem is an error */
    public record Result(Optional<Drill> drill, List<Problem> problems) {}

    private final Topology topology;
    private final Parts parts;
    private final Function<String, Optional<Map<String, Object>>> json;

    /** @param json a document's text read as a document; empty when it is none */
    public DrillReader(Topology topology, Parts parts, Function<String, Optional<Map<String, Object>>> json) {
        this.topology = topology;
        this.parts = parts;
        this.json = json;
    }

    public Result read(Tree tree) {
        List<Problem> problems = new ArrayList<>();
        Reading file = Reading.examined(tree, DrillShape.whole(), problems);
        Drill drill = drill(file);
        problems.sort(Problem.BY_PLACE);
        boolean isWrong = problems.stream().anyMatch(Problem::isError);
        return new Result(isWrong ? Optional.empty() : Optional.of(drill), List.copyOf(problems));
    }

    private Drill drill(Reading file) {
        List<String> claims = new ArrayList<>(claims(file.at("claims")));
        Circumstances circumstances = circumstances(file);
        if (!circumstances.invariants().isEmpty() && !claims.contains("own-invariants")) {
            claims.add("own-invariants");
        }
        return new Drill(
                file.at("drill").text(""),
                file.at("story").text(""),
                target(file.at("target")),
                course(file),
                claims,
                file.at("untested").items().stream().map(r -> r.text("")).toList(),
                circumstances);
    }

    private Target target(Reading word) {
        String text = word.text(ESTATE);
        if (text.equals(ESTATE)) {
            return Target.ESTATE;
        }
        String[] names = text.split("/", 2);
        Optional<Cluster> cluster = topology.cluster(names[0]);
        if (cluster.isEmpty()) {
            List<String> known = new ArrayList<>(
                    topology.clusters().stream().map(Cluster::name).toList());
            known.add(ESTATE);
            word.wrong("no cluster is called \"" + names[0] + "\"", Nearest.hint(names[0], known, "the targets are: "));
            return Target.ESTATE;
        }
        List<String> groups = parts.engines().stream()
                .filter(e -> e.name().equals(cluster.get().engine()))
                .flatMap(e -> e.rehearsal(topology, cluster.get()).groups(Part.DATA).stream())
                .toList();
        String group = names.length > 1 ? names[1] : "";
        if (!group.isEmpty() && !groups.contains(group)) {
            word.wrong(
                    "\"" + names[0] + "\" has no group of data called \"" + group + "\"",
                    Nearest.hint(group, groups, "the groups are: "));
        }
        return new Target(cluster.get().engine(), Part.DATA, names[0], group);
    }

    private Course course(Reading file) {
        String word = file.at("recovery").text("");
        Recovery recovery = Arrays.stream(Recovery.values())
                .filter(r -> r.word().equals(word))
                .findFirst()
                .orElse(Recovery.BY_ITSELF);
        List<Strike> strikes =
                file.at("faults").items().stream().map(this::strike).toList();
        if (strikes.isEmpty()) {
            return new HandOver(recovery == Recovery.BY_FAILOVER);
        }
        return new Breakage(
                strikes,
                recovery,
                file.at("hold").span().orElse(Duration.ofSeconds(1)),
                file.at("acceptDataLoss").flag(false));
    }

    private Strike strike(Reading keys) {
        Reading name = keys.at("fault");
        Optional<Fault> fault = parts.faults().stream()
                .filter(f -> f.name().equals(name.text("")))
                .findFirst();
        if (fault.isEmpty() && name.scalar().isPresent()) {
            name.wrong(
                    "no fault is called \"" + name.text("") + "\"",
                    Nearest.hint(
                            name.text(""),
                            parts.faults().stream().map(Fault::name).toList(),
                            "the faults are: "));
        }
        Optional<Whom> from = keys.at("from").isPresent() ? Optional.of(whom(keys.at("from"))) : Optional.empty();
        if (fault.isPresent() && fault.get().isOfLink() != from.isPresent()) {
            keys.wrong(
                    from.isPresent()
                            ? "\"" + fault.get().name() + "\" is no fault of a link"
                            : "\"" + fault.get().name() + "\" is of a link, and \"from\" is missing",
                    from.isPresent() ? "leave from: out" : "add from: with a host or a part such as standby");
        }
        return new Strike(
                fault.orElse(parts.faults().get(0)),
                whom(keys.at("strikes")),
                from,
                keys.at("at").span().orElse(Duration.ZERO),
                keys.at("for").span());
    }

    private Whom whom(Reading word) {
        String text = word.text("");
        Optional<Aim> aim =
                Arrays.stream(Aim.values()).filter(a -> a.word().equals(text)).findFirst();
        if (aim.isPresent()) {
            return aim.get();
        }
        List<String> known =
                new ArrayList<>(Arrays.stream(Aim.values()).map(Aim::word).toList());
        topology.hosts().values().stream().map(Host::name).forEach(known::add);
        topology.nodes().stream().map(Node::id).forEach(known::add);
        if (word.scalar().isPresent() && !known.contains(text)) {
            word.wrong(
                    "\"" + text + "\" is neither a part, nor a host, nor a server",
                    Nearest.hint(text, known, "it may be one of "));
        }
        return new Whom.Named(text);
    }

    private List<String> claims(Reading list) {
        List<String> known = parts.checks().stream().map(Check::name).toList();
        for (Reading claim : list.items()) {
            if (claim.scalar().isPresent() && !known.contains(claim.text(""))) {
                claim.wrong(
                        "no claim is called \"" + claim.text("") + "\"",
                        Nearest.hint(claim.text(""), known, "the claims are: "));
            }
        }
        return list.isPresent() ? list.items().stream().map(c -> c.text("")).toList() : USUAL_CLAIMS;
    }

    private Circumstances circumstances(Reading file) {
        Circumstances usual = Circumstances.USUAL;
        Reading gates = file.at("gates");
        Map<String, Workload.Own> own = new HashMap<>();
        file.at("workload")
                .at("writes")
                .items()
                .forEach(w -> own.put(w.at("cluster").text(""), write(w)));
        return new Circumstances(
                file.at("workload").at("rate").whole().map(OptionalInt::of).orElse(OptionalInt.empty()),
                gates.at("lag").span().orElse(usual.lag()),
                gates.at("disk").megabytes().map(m -> (long) m << 20).orElse(usual.freeBytes()),
                gates.at("backup").span(),
                file.at("abort").at("othersSilent").span().orElse(usual.othersSilent()),
                own,
                file.at("invariants").items().stream().map(this::invariant).toList());
    }

    private Workload.Own write(Reading keys) {
        boolean isMongo = saidTo(keys);
        String words = keys.at(isMongo ? "command" : "sql").text("");
        return new Workload.Own(keys.at("database").text(""), words);
    }

    private Invariant invariant(Reading keys) {
        boolean isMongo = saidTo(keys);
        String words = keys.at(isMongo ? "command" : "sql").text("");
        return new Invariant(
                keys.at("claim").text(""),
                keys.at("cluster").text(""),
                keys.at("database").text(""),
                words,
                isMongo ? json.apply(words).orElse(Map.of()) : Map.of(),
                isMongo ? keys.at("field").text("n") : "",
                keys.at("expect").text(""));
    }

    /** Whether a cluster is told something as a command; what does not fit its engine is told. */
    private boolean saidTo(Reading keys) {
        Reading name = keys.at("cluster");
        Optional<Cluster> cluster = topology.cluster(name.text(""));
        if (cluster.isEmpty() && name.scalar().isPresent()) {
            name.wrong(
                    "no cluster is called \"" + name.text("") + "\"",
                    Nearest.hint(
                            name.text(""),
                            topology.clusters().stream().map(Cluster::name).toList(),
                            "the clusters are: "));
        }
        boolean isMongo = cluster.filter(c -> c.engine().equals("mongodb")).isPresent();
        Reading words = keys.at(isMongo ? "command" : "sql");
        if (cluster.isPresent() && words.scalar().isEmpty()) {
            keys.wrong(
                    "\"" + name.text("") + "\" is " + cluster.get().engine() + ", and there is no "
                            + (isMongo ? "command" : "sql"),
                    isMongo ? "add database: and command: with a command as JSON" : "add sql: with one statement");
        } else if (isMongo && json.apply(words.text("")).isEmpty()) {
            words.wrong("this is not a JSON document", "write it in single quotes: '{ \"count\": \"message\" }'");
        } else if (isMongo && keys.at("database").scalar().isEmpty()) {
            keys.wrong("\"database\" is missing", "add database: where the command is said");
        }
        return isMongo;
    }
}
