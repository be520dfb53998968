package dev.holdfast.mongodb.schema;

import dev.holdfast.execution.Script;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.ShardKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The planner of zones: their shards and their ranges of a collection, before a collection is sharded. */
final class ZonePlanner {

    private static final Duration COMMAND = Duration.ofSeconds(60);

    private final Dictionary dictionary;
    private final CatalogProbe look;
    private final SchemaSteps steps;

    ZonePlanner(Dictionary dictionary, CatalogProbe look, SchemaSteps steps) {
        this.dictionary = dictionary;
        this.look = look;
        this.steps = steps;
    }

    Plan plan(CatalogState state) {
        List<Step> all = new ArrayList<>();
        List<Plan.Refusal> refusals = new ArrayList<>();
        dictionary.zones().forEach((zone, shards) -> {
            for (String shard : shards) {
                if (state.isKnown() && !state.zonesOfShards().containsKey(shard)) {
                    refusals.add(new Plan.Refusal(
                            "zone " + zone,
                            "the shard " + shard + " does not exist; shards: "
                                    + state.zonesOfShards().keySet(),
                            "declare shards of this cluster under zones:"));
                } else if (!state.zonesOfShards().getOrDefault(shard, Set.of()).contains(zone)) {
                    all.add(member(zone, shard));
                }
            }
        });
        for (Entity entity : dictionary.entities()) {
            entity.sharding()
                    .ifPresent(s -> s.zones().forEach(range -> {
                        if (!isThere(entity, s, range, state.ranges())) {
                            all.add(range(entity, s, range));
                        }
                    }));
        }
        return new Plan(all, refusals, List.of());
    }

    private Step member(String zone, String shard) {
        Script script =
                Script.of("mongodb/schema-zone.json").with("shard", shard).with("zone", zone);
        return Step.on("zones", "Add shard " + shard + " to zone " + zone)
                .because(shard + " is not in " + zone + ", and the dictionary places it there")
                .type(steps.command("admin", script, COMMAND))
                .until(
                        new Condition("config.shards has the zone", context -> {
                            boolean is = look.at(context)
                                    .zonesOfShards()
                                    .getOrDefault(shard, Set.of())
                                    .contains(zone);
                            return is ? Condition.holds(zone) : Condition.notYet("not in " + zone);
                        }),
                        COMMAND);
    }

    private Step range(Entity entity, ShardKey sharding, ShardKey.Range range) {
        Script script = Script.of("mongodb/schema-zone-range.json")
                .with("namespace", entity.id())
                .with("from", ShardKeyBounds.of(entity, sharding, range.from()))
                .with("to", ShardKeyBounds.upper(entity, sharding, range))
                .with("zone", range.zone());
        return Step.on(
                        "zones",
                        "Assign " + range.from() + " to " + range.to() + " of " + entity.id() + " to zone "
                                + range.zone())
                .because("observed: no such range; desired by " + range.place())
                .type(steps.command("admin", script, COMMAND))
                .until(
                        new Condition("config.tags has the range", context -> {
                            CatalogState state = look.at(context);
                            return isThere(entity, sharding, range, state.ranges())
                                    ? Condition.holds("the range exists")
                                    : Condition.notYet("the range does not exist");
                        }),
                        COMMAND);
    }

    private static boolean isThere(
            Entity entity, ShardKey sharding, ShardKey.Range range, Map<String, List<Map<String, Object>>> ranges) {
        return ranges.getOrDefault(entity.id(), List.of()).stream()
                .anyMatch(r -> r.get("tag").equals(range.zone())
                        && DefinitionEquality.alike(
                                rendered(ShardKeyBounds.of(entity, sharding, range.from())), rendered(r.get("min")))
                        && DefinitionEquality.alike(
                                rendered(ShardKeyBounds.upper(entity, sharding, range)), rendered(r.get("max"))));
    }

    /** Normalizes MinKey and MaxKey, which the driver reports in another form. */
    private static Object rendered(Object bound) {
        Map<String, Object> facts = new LinkedHashMap<>();
        ((Map<?, ?>) bound).forEach((k, v) -> {
            boolean least = v instanceof Map<?, ?> m && m.containsKey("$minKey") || "MinKey".equals(v);
            boolean most = v instanceof Map<?, ?> m && m.containsKey("$maxKey") || "MaxKey".equals(v);
            facts.put(k.toString(), least ? "least" : most ? "most" : v);
        });
        return facts;
    }
}
