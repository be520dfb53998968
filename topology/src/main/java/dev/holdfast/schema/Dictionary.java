package dev.holdfast.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The data dictionary: all entities, in the order of the files.
 *
 * @param zones the shards of each zone
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

    /** Returns the entities that a cluster of an engine stores. */
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
