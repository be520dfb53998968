package dev.holdfast.mongodb.schema;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.schema.CatalogState.Table;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The runbook that changes the collections, indexes and zones of a MongoDB cluster to those of the data dictionary. */
public final class SchemaDiff {

    private final MongoCluster cluster;
    private final Dictionary dictionary;
    private final Set<String> allowed;
    private final CatalogProbe look;

    public SchemaDiff(MongoCluster cluster, Dictionary dictionary, Set<String> allowed) {
        this.cluster = cluster;
        this.dictionary = dictionary;
        this.allowed = allowed;
        this.look = new CatalogProbe(cluster, dictionary);
    }

    public Runbook<CatalogState> runbook() {
        return new Runbook<>(
                cluster.name(),
                "schema of " + cluster.name(),
                look::at,
                List.of(
                        new Stage<>("schema: zones", this::zones),
                        new Stage<>("schema: collections", this::collections).independent(),
                        new Stage<>("schema: changes", this::changes).independent()));
    }

    /** Returns an empty runbook: MongoDB deletes by its TTL indexes itself. */
    public Runbook<CatalogState> nothingToPurge() {
        return new Runbook<>(cluster.name(), "purge of " + cluster.name(), look::at, List.of());
    }

    private SchemaSteps steps(CatalogState state) {
        List<Node> endpoints =
                cluster.isSharded() ? cluster.routers() : cluster.sets().get(0).nodes();
        return new SchemaSteps(cluster, look, state.queryNode().orElse(endpoints.get(0)));
    }

    private Plan zones(CatalogState state) {
        return cluster.isSharded() && state.withoutSecret().isEmpty() && !state.isUnread()
                ? new ZonePlanner(dictionary, look, steps(state)).plan(state)
                : Plan.NOTHING;
    }

    private Plan collections(CatalogState state) {
        if (state.withoutSecret().isPresent()) {
            return Plan.missing(List.of(new Refusal(
                    cluster.name(),
                    "the schema was not compared: "
                            + state.withoutSecret().get().reason(),
                    state.withoutSecret().get().hint())));
        }
        if (state.isUnread()) {
            return Plan.missing(List.of(new Refusal(
                    cluster.name(),
                    "the schema was not compared: " + String.join("; ", state.problems()),
                    "make the primary answer, then run holdfast plan",
                    ExitCode.UNREACHABLE)));
        }
        SchemaSteps make = steps(state);
        List<Step> steps = new ArrayList<>();
        for (Entity entity : dictionary.entities()) {
            if (!state.collections().containsKey(entity.id())
                    && !state.clashes().containsKey(entity.domain())) {
                steps.add(make.create(entity));
            }
        }
        List<String> notes = new ArrayList<>(lacks());
        if (!state.isKnown()) {
            notes.add("the catalog of " + cluster.name()
                    + " cannot be read yet: the plan assumes that it is empty; existing objects are skipped");
        }
        state.others().forEach(o -> notes.add(o + " is not in the dictionary; Holdfast keeps it"));
        List<Refusal> refused = state.clashes().entrySet().stream()
                .map(c -> new Refusal(
                        c.getKey(),
                        "MongoDB has the database \"" + c.getValue()
                                + "\" and refuses one whose name differs only in case",
                        "declare domain: " + c.getValue() + "; or rename or drop that database"))
                .toList();
        return new Plan(steps, List.of(), notes, refused);
    }

    private Plan changes(CatalogState state) {
        SchemaSteps make = steps(state);
        Plan plan = Plan.NOTHING;
        for (Entity entity : dictionary.entities()) {
            Table table = state.collections().get(entity.id());
            if (table != null) {
                plan = plan.and(new CollectionDiff(entity, table, cluster.isSharded(), allowed, make).plan());
            }
        }
        return plan;
    }

    /** Returns notes about declarations that MongoDB does not enforce. */
    List<String> lacks() {
        List<String> references = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        List<String> numbered = new ArrayList<>();
        for (Entity entity : dictionary.entities()) {
            if (!entity.references().isEmpty()) {
                references.add(entity.name());
            }
            if (cluster.isSharded() && !IndexMapping.isKeptUnique(entity)) {
                keys.add(entity.name() + "." + String.join("+", entity.key()));
            }
            entity.fields().stream()
                    .filter(f -> f.identity() || !f.otherwise().isEmpty())
                    .forEach(f -> numbered.add(entity.name() + "." + f.name()));
        }
        List<String> lacks = new ArrayList<>();
        lack(lacks, "no foreign keys: the application enforces the references of ", references);
        lack(lacks, "no uniqueness across shards without the shard key: these keys rely on random UUIDs: ", keys);
        lack(lacks, "no defaults and no identities: the application sets ", numbered);
        return lacks;
    }

    private static void lack(List<String> lacks, String what, List<String> where) {
        if (!where.isEmpty()) {
            lacks.add("MongoDB has " + what + String.join(", ", where));
        }
    }
}
