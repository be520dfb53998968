package dev.holdfast.mongodb.schema;

import static dev.holdfast.mongodb.schema.ValidatorMapping.map;

import dev.holdfast.mongodb.schema.CatalogState.Table;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.schema.DestructiveChange;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.ShardKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The differences of an existing collection from the dictionary, planned, refused, or reported as drift: validator,
 * indexes and shard key.
 */
final class CollectionDiff {

    private final Entity entity;
    private final Table table;
    private final boolean sharded;
    private final Set<String> allowed;
    private final SchemaSteps make;
    private final List<Step> steps = new ArrayList<>();
    private final List<DestructiveChange> drifts = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    CollectionDiff(Entity entity, Table table, boolean sharded, Set<String> allowed, SchemaSteps make) {
        this.entity = entity;
        this.table = table;
        this.sharded = sharded;
        this.allowed = allowed;
        this.make = make;
    }

    Plan plan() {
        if (!table.type().equals("collection")) {
            refusals.add(
                    new Refusal(entity.id(), "is a " + table.type() + ", desired: a collection", "rename the entity"));
            return Plan.missing(refusals);
        }
        validator();
        IndexMapping.desired(entity, sharded).forEach(this::index);
        unknownIndexes();
        entity.sharding().filter(s -> sharded).ifPresent(this::shardKey);
        notes.addAll(DestructiveChange.notes(drifts, allowed));
        return new Plan(steps, List.of(), notes, refusals);
    }

    private void validator() {
        if (table.isValidatedAs(entity)) {
            return;
        }
        Map<String, Object> desired = ValidatorMapping.validator(entity);
        Entity.Validation how = entity.validation();
        String because =
                "observed" + (table.shard().isEmpty() ? "" : " on shard " + table.shard()) + ": " + table.level()
                        + "/" + table.action() + " "
                        + description(ValidatorDiff.of(table.validator(), desired)) + "; desired: " + how.level() + "/"
                        + how.action()
                        + " as in " + entity.place();
        if (ValidatorCompatibility.isWider(table, desired, how.level(), how.action())) {
            steps.add(make.validate(entity, because, Step.Risk.NONE));
            return;
        }
        Map<String, Object> command = map(
                "collMod",
                entity.name(),
                "validator",
                desired,
                "validationLevel",
                how.level(),
                "validationAction",
                how.action());
        DestructiveChange drift = new DestructiveChange(
                "narrow-validator:" + entity.id(),
                "the validator of " + entity.id() + " differs from the declared one (" + because + ")",
                MongoshText.command(entity.domain(), command));
        drift(drift, () -> make.validate(entity, because, Step.Risk.DANGER));
    }

    private static String description(List<String> differences) {
        return differences.isEmpty() ? "" : String.join(", ", differences);
    }

    private void index(Map<String, Object> desired) {
        String name = desired.get("name").toString();
        Optional<Map<String, Object>> equalIndex = IndexMapping.equalIndex(desired, table.indexes());
        List<String> duplicates = table.duplicates().getOrDefault(name, List.of());
        if (equalIndex.isPresent()) {
            options(desired, equalIndex.get());
            IndexMapping.replaced(desired, equalIndex.get(), table.indexes()).forEach(old -> leftover(desired, old));
            return;
        }
        if (!duplicates.isEmpty()) {
            refusals.add(new Refusal(
                    entity.id(),
                    "the unique index " + name + " " + desired.get("key") + " cannot be built: "
                            + String.join("; ", duplicates),
                    "keep one document of each, then plan again; nothing was built"));
            return;
        }
        boolean taken = table.indexes().stream().anyMatch(i -> name.equals(i.get("name")));
        boolean otherText = ((Map<?, ?>) desired.get("key")).containsValue("text")
                && table.indexes().stream().anyMatch(i -> i.containsKey("weights"));
        if (taken || otherText) {
            String old = taken ? name : textIndex();
            rebuild(
                    desired,
                    old,
                    "the index " + old + " of " + entity.id() + " has " + IndexMapping.difference(desired, named(old)));
            return;
        }
        List<String> shards = table.lacking().getOrDefault(name, List.of());
        String where = shards.isEmpty() ? "" : " on shard " + String.join(", ", shards);
        steps.add(
                make.buildIndex(entity, desired, "observed: no such index" + where + "; desired by " + entity.place()));
    }

    private Map<String, Object> named(String name) {
        return table.indexes().stream()
                .filter(i -> name.equals(i.get("name")))
                .findFirst()
                .orElseThrow();
    }

    private void leftover(Map<String, Object> desired, String old) {
        DestructiveChange drift = new DestructiveChange(
                name(desired),
                "the index " + old + " of " + entity.id() + " still exists next to its replacement",
                MongoshText.command(entity.domain(), map("dropIndexes", entity.name(), "index", old)));
        drift(drift, () -> make.dropIndex(entity, old, drift.what()));
    }

    private String name(Map<String, Object> desired) {
        return "rebuild-index:" + entity.id() + "." + desired.get("name");
    }

    private String textIndex() {
        return table.indexes().stream()
                .filter(i -> i.containsKey("weights"))
                .map(i -> i.get("name").toString())
                .findFirst()
                .orElseThrow();
    }

    /** Plans a rebuild. The replacement is built first if the server allows both, so that queries and uniqueness keep an index. */
    private void rebuild(Map<String, Object> desired, String old, String what) {
        boolean both = canCoexist(desired, named(old));
        Map<String, Object> made = map();
        made.putAll(desired);
        made.put("name", both ? freeName(desired.get("name").toString()) : desired.get("name"));
        String drop = MongoshText.command(entity.domain(), map("dropIndexes", entity.name(), "index", old));
        String build =
                MongoshText.command(entity.domain(), map("createIndexes", entity.name(), "indexes", List.of(made)));
        if (!both && !table.shardKey().isEmpty() && named(old).get("key").equals(table.shardKey())) {
            refusals.add(new Refusal(
                    entity.id(),
                    what + "; the index supports the shard key " + table.shardKey()
                            + ", so the server neither drops it nor allows its replacement next to it",
                    "declare the index as it is, or remove it from the dictionary"));
            return;
        }
        DestructiveChange drift =
                new DestructiveChange(name(desired), what, both ? build + "; " + drop : drop + "; " + build);
        drift(drift, () -> make.rebuildIndex(entity, made, old, both, what));
    }

    /** Returns whether the server allows both; it refuses two text indexes, and two that differ only in TTL, language or visibility. */
    private static boolean canCoexist(Map<String, Object> desired, Map<String, Object> old) {
        boolean text = old.containsKey("weights") || ((Map<?, ?>) desired.get("key")).containsValue("text");
        boolean isEqual = IndexMapping.equalIndex(desired, List.of(old)).isPresent();
        boolean unique = IndexMapping.option(desired, "unique").equals(true)
                == IndexMapping.option(old, "unique").equals(true);
        return !text && !(isEqual && unique);
    }

    private String freeName(String name) {
        List<Object> taken = table.indexes().stream().map(i -> i.get("name")).toList();
        String free = name;
        for (int i = 2; taken.contains(free); i++) {
            free = name + "_" + i;
        }
        return free;
    }

    private void options(Map<String, Object> requested, Map<String, Object> observed) {
        String name = observed.get("name").toString();
        boolean unique = IndexMapping.option(requested, "unique").equals(true);
        if (unique != IndexMapping.option(observed, "unique").equals(true)) {
            rebuild(
                    requested,
                    name,
                    "the index " + name + " of " + entity.id() + " is " + (unique ? "not " : "") + "unique");
            return;
        }
        boolean language = requested.containsKey("default_language")
                && !requested.get("default_language").equals(observed.get("default_language"));
        if (language) {
            rebuild(
                    requested,
                    name,
                    "the text index " + name + " of " + entity.id() + " has the language "
                            + observed.get("default_language") + ", desired: " + requested.get("default_language"));
            return;
        }
        for (String option : IndexMapping.CHANGEABLE) {
            Object is = IndexMapping.option(observed, option);
            Object desired = IndexMapping.option(requested, option);
            if (!DefinitionEquality.alike(is, desired)) {
                option(requested, name, option, is, desired);
            }
        }
    }

    /** Plans a change of an option. A shorter TTL deletes documents, and the removal of a TTL needs a rebuild of the index. */
    private void option(Map<String, Object> requested, String name, String option, Object is, Object desired) {
        String because = option + " is " + is + ", desired " + desired;
        boolean isTtl = option.equals("expireAfterSeconds");
        if (isTtl && desired.equals("none")) {
            rebuild(
                    requested,
                    name,
                    "the index " + name + " of " + entity.id() + " deletes documents (" + because + ")");
            return;
        }
        boolean shorter = isTtl
                && (is.equals("none")
                        || DefinitionEquality.number(desired).compareTo(DefinitionEquality.number(is)) < 0);
        if (!shorter) {
            steps.add(make.changeOption(entity, requested, name, option, because, Step.Risk.NONE));
            return;
        }
        Map<String, Object> change = map("collMod", entity.name(), "index", map("name", name, option, desired));
        DestructiveChange drift = new DestructiveChange(
                "shorten-ttl:" + entity.id() + "." + name,
                "the TTL index " + name + " of " + entity.id() + " keeps documents longer (" + because + ")",
                MongoshText.command(entity.domain(), change));
        drift(drift, () -> make.changeOption(entity, requested, name, option, because, Step.Risk.DANGER));
    }

    private void unknownIndexes() {
        List<Map<String, Object>> desired = IndexMapping.desired(entity, sharded);
        for (Map<String, Object> index : table.indexes()) {
            boolean known = desired.stream()
                    .anyMatch(w -> IndexMapping.equalIndex(w, List.of(index)).isPresent()
                            || w.get("name").equals(index.get("name")));
            boolean own = index.get("key").equals(Map.of("_id", 1))
                    || index.get("key").equals(table.shardKey());
            if (!known && !own) {
                notes.add(entity.id() + " has the index " + index.get("name") + " " + index.get("key")
                        + ", which is not in the dictionary; Holdfast keeps it");
            }
        }
    }

    private void shardKey(ShardKey sharding) {
        Map<String, Object> desired = IndexMapping.shardKey(sharding);
        if (DefinitionEquality.alikeInOrder(desired, table.shardKey())) {
            return;
        }
        boolean none = table.shardKey().isEmpty();
        String because = "observed: " + (none ? "not sharded" : "sharded by " + table.shardKey()) + "; desired: "
                + SchemaSteps.description(sharding);
        if (none && table.empty()) {
            steps.add(make.shardIt(entity, sharding, because));
            return;
        }
        String verb = none ? "shardCollection" : "reshardCollection";
        DestructiveChange drift = new DestructiveChange(
                (none ? "shard:" : "reshard:") + entity.id(),
                entity.id() + " has documents and another distribution than declared (" + because + ")",
                MongoshText.command("admin", map(verb, entity.id(), "key", desired)));
        drift(drift, () -> none ? make.shardIt(entity, sharding, because) : make.reshard(entity, sharding, because));
    }

    private void drift(DestructiveChange drift, java.util.function.Supplier<Step> repaired) {
        drifts.add(drift);
        if (drift.isAllowed(allowed)) {
            steps.add(repaired.get());
        }
    }
}
