package dev.holdfast.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is to be stored, in the order of the files.
 *
 * @param zones which shards belong to which zone
 */
public record Dictionary(List<Entity> entities, Map<String, List<String>> zones) {

    public static final Dictionary EMPTY = new Dictionary(List.of(), Map.of());

    public Dictionary {
        entities = List.copyOf(entities);
    }

    public boolean isEmpty() {
        return entities.isEmpty();
    }

    public Optional<Entity> entity(String name) {
        return entities.stream().filter(e -> e.name().equals(name)).findFirst();
    }

    /** The entities that a cluster of an engine keeps. */
    public Dictionary storedIn(String engine) {
        return new Dictionary(
                entities.stream()
                        .filter(e -> e.store().isEmpty() || e.store().equals(engine))
                        .toList(),
                zones);
    }

    public Dictionary ofDomain(String domain) {
        return new Dictionary(
                entities.stream().filter(e -> e.domain().equals(domain)).toList(), zones);
    }

    public List<String> domains() {
        return entities.stream().map(Entity::domain).distinct().toList();
    }
}
