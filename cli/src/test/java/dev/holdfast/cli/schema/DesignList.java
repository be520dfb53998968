package dev.holdfast.cli.schema;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The list of entities in the design document of SwapSkill, as its author wrote it. */
record DesignList(List<Entity> entities) {

    /**
     * One entity of the list.
     *
     * @param references the entity that each foreign key names
     * @param fields all others, an optional one with its {@code ?}
     * @param enums the words of each enum
     * @param uniques fields of each unique constraint
     */
    record Entity(
            String name,
            String key,
            Map<String, String> references,
            List<String> fields,
            Map<String, List<String>> enums,
            List<List<String>> uniques,
            List<Index> indexes) {}

    /** @param kind plain, text, geo or ttl */
    record Index(List<String> fields, List<Boolean> descending, String kind) {}

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    static DesignList read() {
        try (InputStream in = DesignList.class.getResourceAsStream("/design/dictionary.md")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<Entity> entities = new ArrayList<>();
            String[] parts = text.split("(?m)^#### ");
            for (int i = 1; i < parts.length; i++) {
                entities.add(entity(parts[i]));
            }
            return new DesignList(entities);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static Entity entity(String part) {
        String name = part.split("[\\s(]", 2)[0].toLowerCase(Locale.ROOT);
        Entity entity = new Entity(
                name,
                codes(part, "PK").get(0),
                new LinkedHashMap<>(),
                new ArrayList<>(),
                new LinkedHashMap<>(),
                new ArrayList<>(),
                new ArrayList<>());
        for (String code : codes(part, "FK")) {
            String[] both = code.split(" → ");
            entity.references.put(both[0], both[1].replaceAll("\\..*", "").toLowerCase(Locale.ROOT));
        }
        codes(part, "Champs").forEach(code -> field(entity, code));
        codes(part, "Contraintes").forEach(code -> entity.uniques.add(listed(code)));
        codes(part, "Index").forEach(code -> index(entity, code));
        return entity;
    }

    /** What stands in backquotes after a label and before the next. */
    private static List<String> codes(String part, String label) {
        Matcher found = Pattern.compile("\\*\\*" + label + ":\\*\\*(.*?)(?=\\*\\*[A-Z]|\\R|$)")
                .matcher(part);
        List<String> codes = new ArrayList<>();
        if (found.find()) {
            Matcher code = CODE.matcher(found.group(1));
            while (code.find()) {
                codes.add(code.group(1));
            }
        }
        return codes;
    }

    private static void field(Entity entity, String code) {
        String name = code.split("[ {(]", 2)[0];
        entity.fields.add(name);
        Matcher words = Pattern.compile("\\{(.*)}").matcher(code);
        if (words.find()) {
            entity.enums.put(name, List.of(words.group(1).split("\\|")));
        }
        if (code.endsWith(" UNIQUE")) {
            entity.uniques.add(List.of(name));
        }
    }

    private static void index(Entity entity, String code) {
        if (code.startsWith("TTL")) {
            entity.indexes.add(new Index(List.of(code.split(" ")[2]), List.of(false), "ttl"));
        } else if (code.contains("2dsphere")) {
            entity.indexes.add(new Index(List.of(code.split(" ")[0]), List.of(false), "geo"));
        } else if (code.endsWith("(TEXT)")) {
            entity.indexes.add(new Index(List.of(code.split(" ")[0]), List.of(false), "text"));
        } else if (!code.endsWith(" UNIQUE")) {
            List<String> parts = listed(code);
            entity.indexes.add(new Index(
                    parts.stream().map(p -> p.replace(" DESC", "")).toList(),
                    parts.stream().map(p -> p.endsWith(" DESC")).toList(),
                    "plain"));
        }
    }

    private static List<String> listed(String code) {
        return List.of(code.replaceAll(".*\\((.*)\\).*", "$1").split(", "));
    }
}
