package dev.holdfast.cli.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The last measured durations of the steps of an estate's runbooks, from the ledgers of its runs. */
public final class StepTimings {

    /** @param at when the step ended */
    public record Time(Duration took, Instant at) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Pattern> nodes;
    private final Map<String, Time> last = new HashMap<>();

    private StepTimings(Topology topology) {
        nodes = topology.clusters().stream().collect(Collectors.toMap(Cluster::name, StepTimings::names));
    }

    /** @param estate the directory of the estate's runs; without it nothing was measured */
    public static StepTimings read(Path estate, Topology topology) throws IOException {
        StepTimings measured = new StepTimings(topology);
        Path runs = estate.resolve("runs");
        if (!Files.isDirectory(runs)) {
            return measured;
        }
        List<Path> ledgers;
        try (Stream<Path> folders = Files.list(runs)) {
            ledgers = folders.map(f -> f.resolve("ledger.jsonl"))
                    .filter(Files::isReadable)
                    .sorted()
                    .toList();
        }
        for (Path ledger : ledgers) {
            try (Stream<String> lines = Files.lines(ledger)) {
                lines.filter(l -> l.contains("\"STEP_DONE\"")).forEach(measured::take);
            }
        }
        return measured;
    }

    /** Compares steps without the node: the primary moves, and the step stays the same. */
    private static Pattern names(Cluster cluster) {
        String names = cluster.groups().stream()
                .flatMap(g -> g.nodes().stream())
                .map(Node::name)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        return Pattern.compile("(?<![\\w-])(" + names + ")(?![\\w-])");
    }

    /** Skips a line that a kill has cut off. */
    private void take(String line) {
        try {
            JsonNode entry = JSON.readTree(line);
            String cluster = entry.path("cluster").asText();
            if (nodes.containsKey(cluster) && entry.has("took_ms")) {
                Time time = new Time(
                        Duration.ofMillis(entry.get("took_ms").asLong()),
                        Instant.parse(entry.path("at").asText()));
                last.merge(key(cluster, entry.path("step").asText()), time, (a, b) -> a.at().isAfter(b.at()) ? a : b);
            }
        } catch (JsonProcessingException torn) {
            return;
        }
    }

    private String key(String cluster, String step) {
        return cluster + "\n" + nodes.get(cluster).matcher(step).replaceAll("*");
    }

    /** @param step the step's title */
    public Optional<Time> last(String cluster, String step) {
        return Optional.ofNullable(last.get(key(cluster, step)));
    }
}
