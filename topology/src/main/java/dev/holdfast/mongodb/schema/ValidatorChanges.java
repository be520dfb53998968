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

/** What must change in a collection that is there, field by field: done, refused, or told as drift. */
final class ValidatorChanges {

    private final Entity entity;
    private final Table table;
    private final boolean sharded;
    private final Set<String> allowed;
    private final SchemaSteps make;
    private final List<Step> steps = new ArrayList<>();
    private final List<DestructiveChange> drifts = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    ValidatorChanges(Entity entity, Table table, boolean sharded, Set<String> allowed, SchemaSteps make) {
        this.entity = entity;
        this.table = table;
        this.sharded = sharded;
        this.allowed = allowed;
        this.make = make;
    }

    Plan plan() {
        if (!table.type().equals("collection")) {
            refusals.add(new Refusal(
                    entity.id(), "is a " + table.type() + ", wanted: a collection", "give the entity another name"));
            return Plan.missing(refusals);
        }
        validator();
        IndexMapping.wanted(entity, sharded).forEach(this::index);
        unknownIndexes();
        entity.sharding().filter(s -> sharded).ifPresent(this::shardKey);
        notes.addAll(DestructiveChange.notes(drifts, allowed));
        return new Plan(steps, List.of(), notes, refusals);
    }

    private void validator() {
        if (SchemaSteps.isValidated(entity, table)) {
            return;
        }
        Map<String, Object> wanted = ValidatorMapping.validator(entity);
        Entity.Validation how = entity.validation();
        String because = "seen" + (table.shard().isEmpty() ? "" : " on shard " + table.shard()) + ": " + table.level()
                + "/" + table.action() + " "
                + told(ValidatorDiff.of(table.validator(), wanted)) + "; wanted: " + how.level() + "/"
                + how.action()
                + " as in " + entity.place();
        if (ValidatorCompatibility.isWider(table, wanted, how.level(), how.action())) {
            steps.add(make.validate(entity, because, Step.Risk.NONE));
            return;
        }
        Map<String, Object> command = map(
                "collMod",
                entity.name(),
                "validator",
                wanted,
                "validationLevel",
                how.level(),
                "validationAction",
                how.action());
        DestructiveChange drift = new DestructiveChange(
                "narrow-validator:" + entity.id(),
                "the validator of " + entity.id() + " is not as declared (" + because + ")",
                MongoshText.command(entity.domain(), command));
        drift(drift, () -> make.validate(entity, because, Step.Risk.DANGER));
    }

    private static String told(List<String> differences) {
        return differences.isEmpty() ? "" : String.join(", ", differences);
    }

    private void index(Map<String, Object> wanted) {
        String name = wanted.get("name").toString();
        Optional<Map<String, Object>> twin = IndexMapping.twin(wanted, table.indexes());
        List<String> duplicates = table.duplicates().getOrDefault(name, List.of());
        if (twin.isPresent()) {
            options(wanted, twin.get());
            IndexMapping.replaced(wanted, twin.get(), table.indexes()).forEach(old -> leftover(wanted, old));
            return;
        }
        if (!duplicates.isEmpty()) {
            refusals.add(new Refusal(
                    entity.id(),
                    "the unique index " + name + " " + wanted.get("key") + " cannot be built: "
                            + String.join("; ", duplicates),
                    "keep one document of each, then plan again; nothing was built"));
            return;
        }
        boolean taken = table.indexes().stream().anyMatch(i -> name.equals(i.get("name")));
        boolean otherText = ((Map<?, ?>) wanted.get("key")).containsValue("text")
                && table.indexes().stream().anyMatch(i -> i.containsKey("weights"));
        if (taken || otherText) {
            String old = taken ? name : textIndex();
            rebuild(
                    wanted,
                    old,
                    "the index " + old + " of " + entity.id() + " has " + IndexMapping.difference(wanted, named(old)));
            return;
        }
        List<String> shards = table.lacking().getOrDefault(name, List.of());
        String where = shards.isEmpty() ? "" : " on shard " + String.join(", ", shards);
        steps.add(make.buildIndex(entity, wanted, "seen: no such index" + where + "; wanted by " + entity.place()));
    }

    private Map<String, Object> named(String name) {
        return table.indexes().stream()
                .filter(i -> name.equals(i.get("name")))
                .findFirst()
                .orElseThrow();
    }

    private void leftover(Map<String, Object> wanted, String old) {
        DestructiveChange drift = new DestructiveChange(
                name(wanted),
                "the index " + old + " of " + entity.id() + " is there as well as the one that replaces it",
                MongoshText.command(entity.domain(), map("dropIndexes", entity.name(), "index", old)));
        drift(drift, () -> make.dropIndex(entity, old, drift.what()));
    }

    private String name(Map<String, Object> wanted) {
        return "rebuild-index:" + entity.id() + "." + wanted.get("name");
    }

    private String textIndex() {
        return table.indexes().stream()
                .filter(i -> i.containsKey("weights"))
                .map(i -> i.get("name").toString())
                .findFirst()
                .orElseThrow();
    }

    /** The replacement is built first where the server keeps both: queries, uniqueness and the shard key stay served. */
    private void rebuild(Map<String, Object> wanted, String old, String what) {
        boolean both = canStandTogether(wanted, named(old));
        Map<String, Object> made = map();
        made.putAll(wanted);
        made.put("name", both ? freeName(wanted.get("name").toString()) : wanted.get("name"));
        String drop = MongoshText.command(entity.domain(), map("dropIndexes", entity.name(), "index", old));
        String build =
                MongoshText.command(entity.domain(), map("createIndexes", entity.name(), "indexes", List.of(made)));
        if (!both && !table.shardKey().isEmpty() && named(old).get("key").equals(table.shardKey())) {
            refusals.add(new Refusal(
                    entity.id(),
                    what + "; it serves the shard key " + table.shardKey()
                            + ", so the server neither drops it nor keeps its replacement next to it",
                    "declare the index as it is, or take it out of the dictionary"));
            return;
        }
        DestructiveChange drift =
                new DestructiveChange(name(wanted), what, both ? build + "; " + drop : drop + "; " + build);
        drift(drift, () -> make.rebuildIndex(entity, made, old, both, what));
    }

    /** Two text indexes, or two that differ in nothing but their TTL, language or visibility, are refused by the server. */
    private static boolean canStandTogether(Map<String, Object> wanted, Map<String, Object> old) {
        boolean text = old.containsKey("weights") || ((Map<?, ?>) wanted.get("key")).containsValue("text");
        boolean twins = IndexMapping.twin(wanted, List.of(old)).isPresent();
        boolean unique = IndexMapping.option(wanted, "unique").equals(true)
                == IndexMapping.option(old, "unique").equals(true);
        return !text && !(twins && unique);
    }

    private String freeName(String name) {
        List<Object> taken = table.indexes().stream().map(i -> i.get("name")).toList();
        String free = name;
        for (int i = 2; taken.contains(free); i++) {
            free = name + "_" + i;
        }
        return free;
    }

    private void options(Map<String, Object> wanted, Map<String, Object> seen) {
        String name = seen.get("name").toString();
        boolean unique = IndexMapping.option(wanted, "unique").equals(true);
        if (unique != IndexMapping.option(seen, "unique").equals(true)) {
            rebuild(
                    wanted,
                    name,
                    "the index " + name + " of " + entity.id() + " is " + (unique ? "not " : "") + "unique");
            return;
        }
        boolean language = wanted.containsKey("default_language")
                && !wanted.get("default_language").equals(seen.get("default_language"));
        if (language) {
            rebuild(
                    wanted,
                    name,
                    "the text index " + name + " of " + entity.id() + " is in " + seen.get("default_language")
                            + ", wanted: " + wanted.get("default_language"));
            return;
        }
        for (String option : IndexMapping.CHANGEABLE) {
            Object is = IndexMapping.option(seen, option);
            Object shall = IndexMapping.option(wanted, option);
            if (!DefinitionEquality.alike(is, shall)) {
                option(wanted, name, option, is, shall);
            }
        }
    }

    /** A shorter life deletes documents; a TTL that is no longer wanted can only be taken away with its index. */
    private void option(Map<String, Object> wanted, String name, String option, Object is, Object shall) {
        String because = "seen: " + option + " " + is + "; wanted: " + shall;
        boolean isTtl = option.equals("expireAfterSeconds");
        if (isTtl && shall.equals("none")) {
            rebuild(wanted, name, "the index " + name + " of " + entity.id() + " deletes documents (" + because + ")");
            return;
        }
        boolean shorter = isTtl
                && (is.equals("none") || DefinitionEquality.number(shall).compareTo(DefinitionEquality.number(is)) < 0);
        if (!shorter) {
            steps.add(make.changeOption(entity, wanted, name, option, because, Step.Risk.NONE));
            return;
        }
        Map<String, Object> change = map("collMod", entity.name(), "index", map("name", name, option, shall));
        DestructiveChange drift = new DestructiveChange(
                "shorten-ttl:" + entity.id() + "." + name,
                "the TTL index " + name + " of " + entity.id() + " keeps documents longer (" + because + ")",
                MongoshText.command(entity.domain(), change));
        drift(drift, () -> make.changeOption(entity, wanted, name, option, because, Step.Risk.DANGER));
    }

    private void unknownIndexes() {
        List<Map<String, Object>> wanted = IndexMapping.wanted(entity, sharded);
        for (Map<String, Object> index : table.indexes()) {
            boolean known = wanted.stream()
                    .anyMatch(w -> IndexMapping.twin(w, List.of(index)).isPresent()
                            || w.get("name").equals(index.get("name")));
            boolean own = index.get("key").equals(Map.of("_id", 1))
                    || index.get("key").equals(table.shardKey());
            if (!known && !own) {
                notes.add(entity.id() + " has the index " + index.get("name") + " " + index.get("key")
                        + ", which is not in the dictionary; it is left alone");
            }
        }
    }

    private void shardKey(ShardKey sharding) {
        Map<String, Object> wanted = IndexMapping.shardKey(sharding);
        if (DefinitionEquality.alikeInOrder(wanted, table.shardKey())) {
            return;
        }
        boolean none = table.shardKey().isEmpty();
        String because = "seen: " + (none ? "not sharded" : "sharded by " + table.shardKey()) + "; wanted: "
                + SchemaSteps.told(sharding);
        if (none && table.empty()) {
            steps.add(make.shardIt(entity, sharding, because));
            return;
        }
        String verb = none ? "shardCollection" : "reshardCollection";
        DestructiveChange drift = new DestructiveChange(
                (none ? "shard:" : "reshard:") + entity.id(),
                entity.id() + " holds documents and is not spread as declared (" + because + ")",
                MongoshText.command("admin", map(verb, entity.id(), "key", wanted)));
        drift(drift, () -> none ? make.shardIt(entity, sharding, because) : make.reshard(entity, sharding, because));
    }

    private void drift(DestructiveChange drift, java.util.function.Supplier<Step> mended) {
        drifts.add(drift);
        if (drift.isAllowed(allowed)) {
            steps.add(mended.get());
        }
    }
}
