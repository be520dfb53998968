package dev.holdfast.config;

import dev.holdfast.config.ConfigNode.Entry;
import dev.holdfast.config.ConfigNode.Mapping;
import dev.holdfast.config.ConfigNode.Sequence;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.DrillPolicy;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Problem;
import dev.holdfast.model.RecoveryObjectives;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.model.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The reader of a topology file, which returns a topology or reports all problems. */
public final class TopologyReader {

    /** @param topology empty if a problem is an error */
    public record Result(Optional<Topology> topology, List<Problem> problems) {}

    private final List<? extends EngineConfigReader> engines;
    private final DefaultDirectory home;

    public TopologyReader(List<? extends EngineConfigReader> engines, DefaultDirectory home) {
        this.engines = engines;
        this.home = home;
    }

    public Result read(ConfigNode tree) {
        List<Problem> problems = new ArrayList<>(form(tree));
        Topology topology = topology(tree, problems);
        problems.sort(Problem.BY_PLACE);
        boolean isWrong = problems.stream().anyMatch(Problem::isError);
        return new Result(isWrong ? Optional.empty() : Optional.of(topology), List.copyOf(problems));
    }

    /** Validates the file against its schema; JSON Schema does the same, except for duplicate keys and unknown hosts. */
    public List<Problem> form(ConfigNode tree) {
        List<Problem> problems = new ArrayList<>();
        Set<String> hostNames = new LinkedHashSet<>();
        if (tree instanceof Mapping root && root.get("hosts") instanceof Mapping hosts) {
            hosts.entries().forEach(e -> hostNames.add(e.key()));
        }
        new SchemaValidator(hostNames, problems).examine(tree, EstateSchema.of(engines), "", tree.place());
        return problems;
    }

    private Topology topology(ConfigNode tree, List<Problem> problems) {
        ConfigCursor estate = ConfigCursor.of(tree, problems);
        String name = estate.at("name").text("");
        HostAccess local = new HostAccess.Local();
        if (!estate.at("directory").isPresent() && !TextFormat.FOLDER.accepts(home.of("estate", local))) {
            estate.wrong(
                    "the default directory for estates, " + home.of("<name>", local) + ", cannot be used",
                    "write directory: and " + TextFormat.FOLDER.noun());
        }
        Map<String, Host> hosts = HostsReader.read(
                estate.at("hosts"),
                reach -> estate.at("directory").text(home.of(name, reach)),
                estate.at("services").text(""));
        String directory = HostsReader.trimmed(estate.at("directory")
                .text(hosts.values().stream()
                        .findFirst()
                        .map(h -> home.of(name, h.reach()))
                        .orElse(home.of(name, local))));
        Map<String, SecretRef.Source> sources = SecretsReader.read(estate.at("secrets"));

        NodeAllocator survey = NodeAllocator.survey();
        String backups = directory.substring(0, directory.lastIndexOf('/') + 1) + "backup";
        clusters(ConfigCursor.of(tree, new ArrayList<>()), hosts, survey, new HashMap<>(), backups);
        NodeAllocator allocator = NodeAllocator.after(survey);
        List<Cluster> clusters = clusters(estate, hosts, allocator, sources, backups);
        DirectoryRules.check(allocator.all(), problems);

        Map<String, SourceLocation> places = new HashMap<>();
        gather(tree, "", places);
        return new Topology(
                name,
                environment(estate.at("environment")),
                hosts,
                clusters,
                sources,
                drills(estate.at("drills")),
                AcceptanceReader.read(estate.at("accepted")),
                places);
    }

    private List<Cluster> clusters(
            ConfigCursor estate,
            Map<String, Host> hosts,
            NodeAllocator allocator,
            Map<String, SecretRef.Source> sources,
            String backups) {
        List<Cluster> clusters = new ArrayList<>();
        for (ConfigCursor keys : estate.at("clusters").entries()) {
            String desired = keys.at("engine").text("");
            for (EngineConfigReader engine : engines) {
                if (engine.name().equals(desired)) {
                    RecoveryObjectives objectives = objectives(keys.at("objectives"));
                    clusters.add(engine.read(
                            new ClusterConfig(keys.name(), objectives, keys, hosts, allocator, sources, backups)));
                }
            }
        }
        return clusters;
    }

    private static DrillPolicy drills(ConfigCursor keys) {
        return new DrillPolicy(
                keys.at("enrolled").items().stream().map(r -> r.text("")).toList(),
                keys.at("overdue").span().orElse(DrillPolicy.USUAL.overdue()));
    }

    private static RecoveryObjectives objectives(ConfigCursor keys) {
        return new RecoveryObjectives(keys.at("rpo").span(), keys.at("rto").span());
    }

    private static Environment environment(ConfigCursor word) {
        return switch (word.text("").toLowerCase(Locale.ROOT)) {
            case "lab" -> Environment.LAB;
            case "staging" -> Environment.STAGING;
            default -> Environment.PRODUCTION;
        };
    }

    private static void gather(ConfigNode tree, String path, Map<String, SourceLocation> places) {
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
