package dev.holdfast.engine;

import dev.holdfast.engine.Tree.Entry;
import dev.holdfast.engine.Tree.Mapping;
import dev.holdfast.engine.Tree.Sequence;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.DrillRules;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Host;
import dev.holdfast.model.Objectives;
import dev.holdfast.model.Place;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Secret;
import dev.holdfast.model.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Makes a topology of what stands in a file, or tells everything that is in the way. */
public final class TopologyReader {

    /** @param topology absent when a problem is an error */
    public record Result(Optional<Topology> topology, List<Problem> problems) {}

    private final List<Engine> engines;
    private final UnaryOperator<String> home;

    /** @param home where an estate of a name lives when it names no directory */
    public TopologyReader(List<Engine> engines, UnaryOperator<String> home) {
        this.engines = engines;
        this.home = home;
    }

    public Result read(Tree tree) {
        List<Problem> problems = new ArrayList<>(form(tree));
        Topology topology = topology(tree, problems);
        problems.sort(Problem.BY_PLACE);
        boolean isWrong = problems.stream().anyMatch(Problem::isError);
        return new Result(isWrong ? Optional.empty() : Optional.of(topology), List.copyOf(problems));
    }

    /** What does not fit the shape of the file; the JSON Schema says the same, but for keys written twice and unknown hosts. */
    public List<Problem> form(Tree tree) {
        List<Problem> problems = new ArrayList<>();
        Set<String> hostNames = new LinkedHashSet<>();
        if (tree instanceof Mapping root && root.get("hosts") instanceof Mapping hosts) {
            hosts.entries().forEach(e -> hostNames.add(e.key()));
        }
        new Examiner(hostNames, problems).examine(tree, EstateShape.of(engines), "", tree.place());
        return problems;
    }

    private Topology topology(Tree tree, List<Problem> problems) {
        Reading estate = Reading.of(tree, problems);
        String name = estate.at("name").text("");
        String directory = HostsReader.trimmed(estate.at("directory").text(home.apply(name)));
        if (!estate.at("directory").isPresent() && !Spelling.FOLDER.accepts(home.apply("estate"))) {
            estate.wrong(
                    "the usual folder for estates, " + home.apply("<name>") + ", cannot be used",
                    "write directory: and " + Spelling.FOLDER.noun());
        }
        Map<String, Host> hosts = HostsReader.read(estate.at("hosts"), directory);
        Map<String, Secret.Source> sources = SecretsReader.read(estate.at("secrets"));

        Seats survey = Seats.survey();
        String backups = directory.substring(0, directory.lastIndexOf('/') + 1) + "backup";
        clusters(Reading.of(tree, new ArrayList<>()), hosts, survey, new HashMap<>(), backups);
        Seats seats = Seats.after(survey);
        List<Cluster> clusters = clusters(estate, hosts, seats, sources, backups);
        Directories.check(seats.all(), problems);

        Map<String, Place> places = new HashMap<>();
        gather(tree, "", places);
        return new Topology(
                name,
                environment(estate.at("environment")),
                hosts,
                clusters,
                sources,
                drills(estate.at("drills")),
                places);
    }

    private List<Cluster> clusters(
            Reading estate, Map<String, Host> hosts, Seats seats, Map<String, Secret.Source> sources, String backups) {
        List<Cluster> clusters = new ArrayList<>();
        for (Reading keys : estate.at("clusters").entries()) {
            String wanted = keys.at("engine").text("");
            for (Engine engine : engines) {
                if (engine.name().equals(wanted)) {
                    Objectives objectives = objectives(keys.at("objectives"));
                    clusters.add(engine.read(new Draft(keys.name(), objectives, keys, hosts, seats, sources, backups)));
                }
            }
        }
        return clusters;
    }

    private static DrillRules drills(Reading keys) {
        return new DrillRules(
                keys.at("enrolled").items().stream().map(r -> r.text("")).toList(),
                keys.at("overdue").span().orElse(DrillRules.USUAL.overdue()));
    }

    private static Objectives objectives(Reading keys) {
        return new Objectives(keys.at("rpo").span(), keys.at("rto").span());
    }

    private static Environment environment(Reading word) {
        return switch (word.text("").toLowerCase(Locale.ROOT)) {
            case "lab" -> Environment.LAB;
            case "staging" -> Environment.STAGING;
            default -> Environment.PRODUCTION;
        };
    }

    private static void gather(Tree tree, String path, Map<String, Place> places) {
        places.putIfAbsent(path, tree.place());
        if (tree instanceof Mapping mapping) {
            for (Entry entry : mapping.entries()) {
                String below = path + "/" + entry.key();
                places.putIfAbsent(below, entry.place());
                gather(entry.value(), below, places);
            }
        } else if (tree instanceof Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                gather(sequence.items().get(i), path + "/" + i, places);
            }
        }
    }
}
