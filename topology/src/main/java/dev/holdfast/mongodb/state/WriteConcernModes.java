package dev.holdfast.mongodb.state;

import dev.holdfast.mongodb.value.MongoDocument;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The write concern modes of a replica set (settings.getLastErrorModes). A mode requires that members with a number of
 * different values of a tag acknowledge a write. The server refuses a configuration without enough such members.
 *
 * @param byName the tags of each mode with the number of values that it needs
 */
public record WriteConcernModes(Map<String, Map<String, Long>> byName) {

    public static WriteConcernModes of(MongoDocument config) {
        MongoDocument modes = config.doc("settings").doc("getLastErrorModes");
        Map<String, Map<String, Long>> all = new LinkedHashMap<>();
        modes.fields().keySet().forEach(name -> {
            Map<String, Long> tags = new TreeMap<>();
            MongoDocument mode = modes.doc(name);
            mode.fields().keySet().forEach(tag -> tags.put(tag, mode.number(tag)));
            all.put(name, tags);
        });
        return new WriteConcernModes(all);
    }

    public boolean isServedBy(ReplicaSetConfig shape) {
        return sentence(shape).isEmpty();
    }

    /** Returns a sentence about the first mode that the members' tags do not satisfy; empty if all are satisfied. */
    public String sentence(ReplicaSetConfig shape) {
        for (Map.Entry<String, Map<String, Long>> mode : byName.entrySet()) {
            for (Map.Entry<String, Long> tag : mode.getValue().entrySet()) {
                Set<String> values = values(shape, tag.getKey());
                if (values.size() < tag.getValue()) {
                    return "the write concern mode " + mode.getKey() + " needs " + tag.getValue()
                            + " values of the tag " + tag.getKey() + "; the declared members have " + values.size();
                }
            }
        }
        return "";
    }

    private static Set<String> values(ReplicaSetConfig shape, String tag) {
        return shape.members().stream()
                .map(m -> m.tags().get(tag))
                .filter(v -> v != null)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the present tags of members in the form of the topology file. */
    public String tagsIn(MongoDocument config) {
        return ReplicaSetConfig.of(config).members().stream()
                .filter(m -> !m.tags().isEmpty())
                .map(m -> m.host() + " "
                        + m.tags().entrySet().stream()
                                .map(t -> t.getKey() + ": " + t.getValue())
                                .collect(Collectors.joining(", ", "tags: { ", " }")))
                .collect(Collectors.joining(", "));
    }
}
