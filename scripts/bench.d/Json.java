import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * {@code Json PATH...}: prints a line with the values at each path, separated by tabs, for every document on standard input. The
 * documents follow each other in any layout: one, several, or one per line.
 *
 * <p>A path is names with dots between them. {@code *} stands for all elements of a list, {@code [name=value]} for those that
 * have this value there, and a {@code #} before the whole path asks how many there are: {@code clusters[cluster=books].nodes.*.role},
 * {@code #streams.*}. Several values have a space between them; where there is none, or null, it is {@code unknown}.
 */
public class Json {

    private static final Pattern STEP = Pattern.compile("\\[(\\w+)=([^]]*)]|[^.\\[\\]]+");

    public static void main(String[] paths) throws Exception {
        try (MappingIterator<JsonNode> documents = new ObjectMapper().readerFor(JsonNode.class).readValues(System.in)) {
            while (documents.hasNextValue()) {
                JsonNode document = documents.nextValue();
                System.out.println(Arrays.stream(paths).map(p -> text(document, p)).collect(Collectors.joining("\t")));
            }
        }
    }

    private static String text(JsonNode document, String path) {
        if (path.startsWith("#")) {
            return String.valueOf(at(document, path.substring(1)).size());
        }
        List<JsonNode> values = at(document, path);
        return values.isEmpty() ? "unknown" : values.stream().map(Json::plain).collect(Collectors.joining(" "));
    }

    private static List<JsonNode> at(JsonNode document, String path) {
        Stream<JsonNode> reached = Stream.of(document);
        for (Matcher step = STEP.matcher(path); step.find(); ) {
            reached = reached.flatMap(step(step.group(), step.group(1), step.group(2)));
        }
        return reached.filter(value -> !value.isMissingNode() && !value.isNull()).toList();
    }

    private static Function<JsonNode, Stream<JsonNode>> step(String name, String having, String value) {
        if (having != null) {
            return node -> elements(node).filter(e -> e.path(having).asText().equals(value));
        }
        return name.equals("*") ? Json::elements : node -> Stream.of(node.path(name));
    }

    private static Stream<JsonNode> elements(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false);
    }

    /** A text without its quotes, unless it would break the line into more than it is. */
    private static String plain(JsonNode value) {
        return value.isTextual() && value.asText().chars().noneMatch(Character::isISOControl) ? value.asText() : value.toString();
    }
}
