import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The critical path of a run in seconds: the longest lane of each stage, added up per cluster, and then the longest cluster,
 * because clusters run in parallel.
 */
public class CriticalPath {
    public static void main(String[] args) throws Exception {
        ObjectMapper json = new ObjectMapper();
        Map<String, Map<String, Double>> lanesByAct = new HashMap<>();
        Map<String, Double> clusters = new HashMap<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            JsonNode entry = json.readTree(line);
            String stage = entry.path("cluster").asText() + "/" + entry.path("act").asText();
            switch (entry.path("kind").asText()) {
                case "ACT_STARTED" -> lanesByAct.put(stage, new HashMap<>());
                case "STEP_DONE" -> lanesByAct.get(stage).merge(
                        entry.path("lane").asText(), entry.path("took_ms").asDouble() / 1000, Double::sum);
                case "ACT_ENDED" -> clusters.merge(
                        entry.path("cluster").asText(),
                        lanesByAct.get(stage).values().stream().mapToDouble(d -> d).max().orElse(0),
                        Double::sum);
                default -> {}
            }
        }
        System.out.printf(java.util.Locale.ROOT, "%.2f%n", clusters.values().stream().mapToDouble(d -> d).max().orElse(0));
    }
}
