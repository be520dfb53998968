package dev.holdfast.mongodb;

import static dev.holdfast.mongodb.MongoSchemaTypes.map;

import dev.holdfast.mongodb.MongoSchemaSeen.Table;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.schema.Drift;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Sharding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must change in a collection that is there, field by field: done, refused, or told as drift. */
final class MongoSchemaChanges {

    private final Entity entity;
    private final Table table;
    private final boolean sharded;
    private final Set<String> allowed;
    private final MongoSchemaSteps make;
    private final List<Step> steps = new ArrayList<>();
    private final List<Drift> drifts = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    MongoSchemaChanges(Entity entity, Table table, boolean sharded, Set<String> allowed, MongoSchemaSteps make) {
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
            return Plan.refused(refusals);
        }
        validator();
        MongoSchemaIndexes.wanted(entity, sharded).forEach(this::index);
        unknownIndexes();
        entity.sharding().filter(s -> sharded).ifPresent(this::shardKey);
        notes.addAll(Drift.notes(drifts, allowed));
        return new Plan(steps, refusals, notes);
    }

    private void validator() {
        if (MongoSchemaSteps.isValidated(entity, table)) {
            return;
        }
        Map<String, Object> wanted = MongoSchemaTypes.validator(entity);
        Entity.Validation how = entity.validation();
        String because = "seen: " + table.level() + "/" + table.action() + " "
                + told(MongoSchemaDifference.of(table.validator(), wanted)) + "; wanted: " + how.level() + "/"
                + how.action()
                + " as in " + entity.place();
        if (MongoSchemaWidening.isWider(table, wanted, how.level(), how.action())) {
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
        Drift drift = new Drift(
                "narrow-validator:" + entity.id(),
                "the validator of " + entity.id() + " is not as declared (" + because + ")",
                MongoSchemaText.command(entity.domain(), command));
        drift(drift, () -> make.validate(entity, because, Step.Risk.DANGER));
    }

    private static String told(List<String> differences) {
        return differences.isEmpty() ? "" : String.join(", ", differences);
    }

    private void index(Map<String, Object> wanted) {
        String name = wanted.get("name").toString();
        Optional<Map<String, Object>> twin = MongoSchemaIndexes.twin(wanted, table.indexes());
        List<String> duplicates = table.duplicates().getOrDefault(name, List.of());
        if (twin.isPresent()) {
            options(wanted, twin.get());
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
                    "the index " + old + " of " + entity.id() + " has other fields, wanted: " + wanted.get("key"));
            return;
        }
        steps.add(make.buildIndex(entity, wanted, "seen: no such index; wanted by " + entity.place()));
    }

    private String textIndex() {
        return table.indexes().stream()
                .filter(i -> i.containsKey("weights"))
                .map(i -> i.get("name").toString())
                .findFirst()
                .orElseThrow();
    }

    private void rebuild(Map<String, Object> wanted, String old, String what) {
        Drift drift = new Drift(
                "rebuild-index:" + entity.id() + "." + wanted.get("name"),
                what,
                MongoSchemaText.command(entity.domain(), map("dropIndexes", entity.name(), "index", old)) + "; "
                        + MongoSchemaText.command(
                                entity.domain(), map("createIndexes", entity.name(), "indexes", List.of(wanted))));
        drift(drift, () -> make.rebuildIndex(entity, wanted, old, what));
    }

    private void options(Map<String, Object> wanted, Map<String, Object> seen) {
        String name = seen.get("name").toString();
        boolean unique = MongoSchemaIndexes.option(wanted, "unique").equals(true);
        if (unique != MongoSchemaIndexes.option(seen, "unique").equals(true)) {
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
        for (String option : MongoSchemaIndexes.CHANGEABLE) {
            Object is = MongoSchemaIndexes.option(seen, option);
            Object shall = MongoSchemaIndexes.option(wanted, option);
            if (!MongoSchemaAlike.alike(is, shall)) {
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
                && (is.equals("none") || MongoSchemaAlike.number(shall).compareTo(MongoSchemaAlike.number(is)) < 0);
        if (!shorter) {
            steps.add(make.changeOption(entity, wanted, name, option, because, Step.Risk.NONE));
            return;
        }
        Map<String, Object> change = map("collMod", entity.name(), "index", map("name", name, option, shall));
        Drift drift = new Drift(
                "shorten-ttl:" + entity.id() + "." + name,
                "the TTL index " + name + " of " + entity.id() + " keeps documents longer (" + because + ")",
                MongoSchemaText.command(entity.domain(), change));
        drift(drift, () -> make.changeOption(entity, wanted, name, option, because, Step.Risk.DANGER));
    }

    private void unknownIndexes() {
        List<Map<String, Object>> wanted = MongoSchemaIndexes.wanted(entity, sharded);
        for (Map<String, Object> index : table.indexes()) {
            boolean known = wanted.stream()
                    .anyMatch(w -> MongoSchemaIndexes.twin(w, List.of(index)).isPresent()
                            || w.get("name").equals(index.get("name")));
            boolean own = index.get("key").equals(Map.of("_id", 1))
                    || index.get("key").equals(table.shardKey());
            if (!known && !own) {
                notes.add(entity.id() + " has the index " + index.get("name") + " " + index.get("key")
                        + ", which is not in the dictionary; it is left alone");
            }
        }
    }

    private void shardKey(Sharding sharding) {
        Map<String, Object> wanted = MongoSchemaIndexes.shardKey(sharding);
        if (MongoSchemaAlike.alikeInOrder(wanted, table.shardKey())) {
            return;
        }
        boolean none = table.shardKey().isEmpty();
        String because = "seen: " + (none ? "not sharded" : "sharded by " + table.shardKey()) + "; wanted: "
                + MongoSchemaSteps.told(sharding);
        if (none && table.empty()) {
            steps.add(make.shardIt(entity, sharding, because));
            return;
        }
        String verb = none ? "shardCollection" : "reshardCollection";
        Drift drift = new Drift(
                (none ? "shard:" : "reshard:") + entity.id(),
                entity.id() + " holds documents and is not spread as declared (" + because + ")",
                MongoSchemaText.command("admin", map(verb, entity.id(), "key", wanted)));
        drift(drift, () -> none ? make.shardIt(entity, sharding, because) : make.reshard(entity, sharding, because));
    }

    private void drift(Drift drift, java.util.function.Supplier<Step> mended) {
        drifts.add(drift);
        if (drift.isAllowed(allowed)) {
            steps.add(mended.get());
        }
    }
}
