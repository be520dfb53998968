package dev.holdfast.cli.schema;

import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

/** The description of an index in one line, alike for the design document and for a server. */
final class IndexKey {

    private IndexKey() {}

    static String description(Document index) {
        if (index.containsKey("weights")) {
            return "text:"
                    + String.join(",", index.get("weights", Document.class).keySet());
        }
        List<String> parts = new ArrayList<>();
        index.get("key", Document.class).forEach((field, way) -> {
            String prefix = "2dsphere".equals(way) ? "geo:" : way instanceof Number n && n.intValue() < 0 ? "-" : "";
            parts.add(prefix + field);
        });
        return (index.containsKey("expireAfterSeconds") ? "ttl:" : "") + String.join(",", parts);
    }

    static String description(DesignList.Index index) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < index.fields().size(); i++) {
            parts.add((index.descending().get(i) ? "-" : "") + index.fields().get(i));
        }
        String prefix = index.kind().equals("plain") ? "" : index.kind() + ":";
        return prefix + String.join(",", parts);
    }

    /** A piece of the definition that PostgreSQL tells. */
    static String sql(DesignList.Index index) {
        String field = index.fields().get(0);
        return switch (index.kind()) {
            case "text" -> "USING gin (to_tsvector('simple'::regconfig, (" + field + ")::text))";
            case "geo" -> "USING gist (" + field + ")";
            default -> {
                List<String> parts = new ArrayList<>();
                for (int i = 0; i < index.fields().size(); i++) {
                    parts.add(index.fields().get(i) + (index.descending().get(i) ? " DESC" : ""));
                }
                yield "(" + String.join(", ", parts) + ")";
            }
        };
    }
}
