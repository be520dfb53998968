package dev.holdfast.mongodb.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.mongodb.Wanted;
import dev.holdfast.mongodb.schema.CatalogState.Table;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType;
import dev.holdfast.schema.FieldType.Kind;
import dev.holdfast.schema.Index;
import dev.holdfast.schema.Reference;
import dev.holdfast.schema.Reference.OnDelete;
import dev.holdfast.schema.ShardKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The collection shop.orders with a key, a note and a TTL index, and what the catalog shows of it. */
@Tag("unit")
class SchemaDiffTest {

    private static final SourceLocation PLACE = new SourceLocation("shop.yaml", 3, 1);

    private MongoCluster cluster = Wanted.replicaSet("a1", "b1", "c1");
    private List<Field> fields = List.of(
            field("id", FieldType.text(10), false),
            field("note", FieldType.text(40), true),
            field("at", FieldType.of(Kind.INSTANT), false));
    private List<Index> declared = List.of(ttl(Duration.ofDays(2)));
    private Optional<ShardKey> sharding = Optional.empty();
    private List<Reference> references = List.of();
    private Map<String, List<String>> zones = Map.of();
    private final Map<String, Set<String>> zonesOfShards =
            new LinkedHashMap<>(Map.of("shard-a", Set.of(), "shard-b", Set.of()));
    private final List<String> others = new ArrayList<>();
    private final Map<String, String> clashes = new LinkedHashMap<>();

    private static Field field(String name, FieldType type, boolean optional) {
        return new Field(PLACE, name, type, optional, false, "", Optional.empty(), Optional.empty(), "");
    }

    private static Index ttl(Duration after) {
        return new Index(
                PLACE,
                "orders_at_idx",
                Index.Kind.TTL,
                List.of(new Index.Part("at", false)),
                false,
                Map.of(),
                Optional.of(after),
                false,
                "",
                Optional.empty());
    }

    private static Index unique(String name, String field) {
        return new Index(
                PLACE,
                name,
                Index.Kind.PLAIN,
                List.of(new Index.Part(field, false)),
                true,
                Map.of(),
                Optional.empty(),
                false,
                "",
                Optional.empty());
    }

    private Entity entity() {
        return new Entity(
                PLACE,
                "shop",
                "orders",
                "",
                "",
                List.of("id"),
                fields,
                references,
                List.of(),
                declared,
                sharding,
                Entity.Validation.STRICT);
    }

    /** As the entity is declared now. */
    private Table table() {
        List<Map<String, Object>> indexes = new ArrayList<>(List.of(Map.of("name", "_id_", "key", Map.of("_id", 1))));
        indexes.addAll(IndexMapping.desired(entity(), cluster.isSharded()));
        return new Table(
                "shop.orders",
                "collection",
                ValidatorMapping.validator(entity()),
                "strict",
                "error",
                indexes,
                Map.of(),
                false,
                Map.of(),
                Map.of(),
                "");
    }

    private static Table with(Table t, List<Map<String, Object>> indexes, Map<String, List<String>> duplicates) {
        return new Table(
                t.namespace(),
                t.type(),
                t.validator(),
                t.level(),
                t.action(),
                indexes,
                t.shardKey(),
                t.empty(),
                duplicates,
                t.lacking(),
                t.shard());
    }

    private static Table sharded(Table t, Map<String, Object> key, boolean empty) {
        return new Table(
                t.namespace(),
                t.type(),
                t.validator(),
                t.level(),
                t.action(),
                t.indexes(),
                key,
                empty,
                t.duplicates(),
                t.lacking(),
                t.shard());
    }

    private SchemaDiff diff(String... allowed) {
        return new SchemaDiff(cluster, new Dictionary(List.of(entity()), zones), Set.of(allowed));
    }

    private Plan plan(String stage, Optional<Table> actual, String... allowed) {
        CatalogState state = new CatalogState(
                        Instant.EPOCH,
                        List.of(),
                        Optional.of(cluster.sets().get(0).nodes().get(0)),
                        actual.map(t -> Map.of("shop.orders", t)).orElse(Map.of()),
                        others,
                        zonesOfShards,
                        Map.of(),
                        List.of())
                .with(clashes);
        return diff(allowed).runbook().stages().stream()
                .filter(s -> s.name().equals("schema: " + stage))
                .findFirst()
                .orElseThrow()
                .planner()
                .apply(state);
    }

    @Test
    void the_unknown_catalog_of_a_set_without_primary_is_not_taken_for_empty() {
        CatalogState unread = new CatalogState(
                Instant.EPOCH,
                List.of(new NodeStatus(
                        cluster.sets().get(0).nodes().get(0), NodeAvailability.UP, "secondary", Map.of())),
                Optional.empty(),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of("no primary answers"));
        Plan all = diff().runbook().stages().stream()
                .map(s -> s.planner().apply(unread))
                .reduce(Plan.NOTHING, Plan::and);
        assertThat(all.steps()).isEmpty();
        assertThat(all.missing())
                .singleElement()
                .satisfies(m -> assertThat(m.what()).isEqualTo("the schema was not compared: no primary answers"));
    }

    private Plan changes(Table actual, String... allowed) {
        return plan("changes", Optional.of(actual), allowed);
    }

    private static Step only(Plan plan) {
        assertThat(plan.steps()).as(plan.notes().toString()).hasSize(1);
        return plan.steps().get(0);
    }

    private static List<String> said(Step step) {
        return step.actions().stream()
                .map(a -> a.script().file().replace("mongodb/schema-", ""))
                .toList();
    }

    @Test
    void a_collection_as_declared_needs_nothing() {
        assertThat(changes(table())).isEqualTo(Plan.NOTHING);
        assertThat(plan("collections", Optional.of(table())).steps()).isEmpty();
    }

    @Test
    void a_missing_collection_is_made_with_its_validator_and_indexes() {
        Step create = only(plan("collections", Optional.empty()));
        assertThat(said(create)).containsExactly("create.json", "build.json");
        assertThat(create.actions().get(0).script().values())
                .containsEntry("validator", ValidatorMapping.validator(entity()))
                .containsEntry("level", "strict");
        assertThat(plan("changes", Optional.empty())).isEqualTo(Plan.NOTHING);
    }

    @Test
    void a_database_whose_name_differs_only_in_case_is_named_before_mongodb_refuses_it() {
        clashes.put("shop", "Shop");
        Plan plan = plan("collections", Optional.empty());
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.missing()).singleElement().satisfies(r -> {
            assertThat(r.where()).isEqualTo("shop");
            assertThat(r.what())
                    .isEqualTo("MongoDB has the database \"Shop\" and refuses one whose name differs only in case");
            assertThat(r.hint()).startsWith("declare domain: Shop");
        });
    }

    @Test
    void what_is_there_and_not_declared_is_named_and_left_alone() {
        others.add("shop.old");
        assertThat(plan("collections", Optional.of(table())).notes()).anyMatch(n -> n.contains("shop.old is not in"));
        Table actual = table();
        List<Map<String, Object>> indexes = new ArrayList<>(actual.indexes());
        indexes.add(Map.of("name", "by_note", "key", Map.of("note", 1)));
        Plan plan = changes(with(actual, indexes, Map.of()));
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.notes()).singleElement().asString().contains("by_note", "Holdfast keeps it");
    }

    @Test
    void a_wider_validator_is_set_and_a_narrower_one_only_when_it_is_allowed_by_name() {
        Table longer = table();
        fields = List.of(fields.get(0), field("note", FieldType.text(80), true), fields.get(2));
        Step widen = only(changes(longer));
        assertThat(said(widen)).containsExactly("validator.json");
        assertThat(widen.risk()).isEqualTo(Step.Risk.NONE);
        Table now = table();
        fields = List.of(fields.get(0), field("note", FieldType.text(20), true), fields.get(2));
        Plan drift = changes(now);
        assertThat(drift.steps()).isEmpty();
        assertThat(drift.notes()).singleElement().asString().contains("--allow=narrow-validator:shop.orders");
        assertThat(only(changes(now, "narrow-validator:shop.orders")).risk()).isEqualTo(Step.Risk.DANGER);
    }

    @Test
    void a_new_optional_field_is_wider_and_a_new_required_one_is_not() {
        Table actual = table();
        List<Field> before = fields;
        fields = new ArrayList<>(before);
        fields.add(field("more", FieldType.of(Kind.BOOL), true));
        assertThat(only(changes(actual)).risk()).isEqualTo(Step.Risk.NONE);
        fields = new ArrayList<>(before);
        fields.add(field("more", FieldType.of(Kind.BOOL), false));
        assertThat(changes(actual).steps()).isEmpty();
    }

    @Test
    void a_validator_that_only_warns_is_made_strict_only_when_allowed() {
        Table t = table();
        Table warns = new Table(
                t.namespace(),
                t.type(),
                t.validator(),
                "moderate",
                "warn",
                t.indexes(),
                Map.of(),
                false,
                Map.of(),
                Map.of(),
                "");
        assertThat(changes(warns).steps()).isEmpty();
        assertThat(changes(warns).notes()).singleElement().asString().contains("moderate/warn");
    }

    @Test
    void a_longer_ttl_is_set_and_a_shorter_one_deletes_documents_and_is_drift() {
        Table actual = table();
        declared = List.of(ttl(Duration.ofDays(3)));
        Step longer = only(changes(actual));
        assertThat(said(longer)).containsExactly("index-option.json");
        assertThat(longer.risk()).isEqualTo(Step.Risk.NONE);
        declared = List.of(ttl(Duration.ofDays(1)));
        Plan drift = changes(actual);
        assertThat(drift.steps()).isEmpty();
        assertThat(drift.notes()).singleElement().asString().contains("--allow=shorten-ttl:shop.orders.orders_at_idx");
        assertThat(only(changes(actual, "shorten-ttl:shop.orders.orders_at_idx"))
                        .risk())
                .isEqualTo(Step.Risk.DANGER);
    }

    @Test
    void a_missing_index_is_built_and_a_unique_one_is_refused_where_documents_are_equal() {
        Table actual = table();
        declared = List.of(declared.get(0), unique("orders_note_key", "note"));
        assertThat(said(only(changes(actual)))).containsExactly("build.json");
        Plan refused =
                changes(with(actual, actual.indexes(), Map.of("orders_note_key", List.of("note x in 2 documents"))));
        assertThat(refused.steps()).isEmpty();
        assertThat(refused.missing())
                .singleElement()
                .satisfies(r -> assertThat(r.what()).contains("note x in 2 documents"));
    }

    @Test
    void an_index_of_that_name_over_other_fields_is_replaced_only_when_allowed_and_the_new_one_is_built_first() {
        Table actual = table();
        List<Map<String, Object>> indexes = new ArrayList<>(actual.indexes().subList(0, 2));
        indexes.add(Map.of("name", "orders_at_idx", "key", Map.of("note", 1)));
        Table other = with(actual, indexes, Map.of());
        assertThat(changes(other).steps()).isEmpty();
        assertThat(changes(other).notes())
                .singleElement()
                .asString()
                .contains("--allow=rebuild-index:shop.orders.orders_at_idx");
        Step rebuild = only(changes(other, "rebuild-index:shop.orders.orders_at_idx"));
        assertThat(said(rebuild)).containsExactly("build.json", "drop-index.json");
    }

    private static Map<String, Object> onShard(String name, List<Map<String, Object>> indexes) {
        return Map.of("shard", name, "indexes", indexes, "options", Map.of("validationLevel", "strict"));
    }

    @Test
    void an_index_that_one_shard_lacks_is_no_index_of_the_cluster_and_is_built_where_the_shard_is_named() {
        cluster = Wanted.sharded();
        List<Map<String, Object>> desired = IndexMapping.desired(entity(), true);
        List<Map<String, Object>> all = table().indexes();
        ShardCatalogs whole = ShardCatalogs.of(List.of(onShard("shard-a", all), onShard("shard-b", all)));
        assertThat(whole.everywhere(desired)).hasSameSizeAs(all);
        assertThat(whole.lacking(desired)).isEmpty();
        List<Map<String, Object>> less =
                all.stream().filter(i -> !i.get("name").equals("orders_at_idx")).toList();
        ShardCatalogs catalogs = ShardCatalogs.of(List.of(onShard("shard-a", all), onShard("shard-b", less)));
        assertThat(catalogs.everywhere(desired)).noneMatch(i -> i.get("name").equals("orders_at_idx"));
        assertThat(catalogs.lacking(desired)).isEqualTo(Map.of("orders_at_idx", List.of("shard-b")));
        Table actual = with(table(), catalogs.everywhere(desired), Map.of()).lacking(catalogs.lacking(desired));
        assertThat(only(changes(actual)).because()).startsWith("observed: no such index on shard shard-b");
    }

    @Test
    void an_index_of_the_shard_key_that_cannot_be_replaced_is_refused_and_not_planned_again_and_again() {
        cluster = Wanted.sharded();
        Table actual = sharded(table(), Map.of("at", 1), false);
        declared = List.of(new Index(
                PLACE,
                "orders_at_idx",
                Index.Kind.PLAIN,
                List.of(new Index.Part("at", false)),
                false,
                Map.of(),
                Optional.empty(),
                false,
                "",
                Optional.empty()));
        Plan plan = changes(actual, "rebuild-index:shop.orders.orders_at_idx");
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.missing())
                .singleElement()
                .satisfies(r -> assertThat(r.what()).contains("supports the shard key"));
    }

    @Test
    void a_view_of_that_name_is_refused() {
        Table t = table();
        Table view =
                new Table(t.namespace(), "view", Map.of(), "", "", List.of(), Map.of(), true, Map.of(), Map.of(), "");
        assertThat(changes(view).steps()).isEmpty();
        assertThat(changes(view).missing())
                .singleElement()
                .satisfies(r -> assertThat(r.what()).contains("is a view"));
    }

    @Test
    void an_empty_collection_is_sharded_and_one_with_documents_only_when_allowed() {
        cluster = Wanted.sharded();
        sharding = Optional.of(new ShardKey(PLACE, List.of("id"), "id", List.of(), List.of()));
        assertThat(said(only(changes(sharded(table(), Map.of(), true))))).containsExactly("shard.json");
        Plan drift = changes(sharded(table(), Map.of(), false));
        assertThat(drift.steps()).isEmpty();
        assertThat(drift.notes()).singleElement().asString().contains("--allow=shard:shop.orders");
        Table byNote = sharded(table(), Map.of("note", 1), false);
        assertThat(changes(byNote).notes()).singleElement().asString().contains("--allow=reshard:shop.orders");
        assertThat(said(only(changes(byNote, "reshard:shop.orders")))).containsExactly("reshard.json");
        assertThat(changes(sharded(table(), Map.of("id", "hashed"), false))).isEqualTo(Plan.NOTHING);
    }

    @Test
    void splits_of_a_new_collection_are_distributed_over_the_shards() {
        cluster = Wanted.sharded();
        sharding = Optional.of(
                new ShardKey(PLACE, List.of("id"), "", List.of(Map.of("id", "h"), Map.of("id", "q")), List.of()));
        Step create = only(plan("collections", Optional.empty()));
        assertThat(said(create))
                .containsExactly(
                        "create.json",
                        "build.json",
                        "shard.json",
                        "split.json",
                        "move.json",
                        "split.json",
                        "move.json");
        assertThat(create.actions().get(4).script().values()).containsEntry("shard", "shard-b");
        assertThat(create.actions().get(6).script().values()).containsEntry("shard", "shard-a");
    }

    @Test
    void zones_are_made_before_collections_and_a_shard_that_is_not_there_is_refused() {
        zones = Map.of("eu", List.of("shard-a"));
        assertThat(plan("zones", Optional.of(table()))).as("no sharded cluster").isEqualTo(Plan.NOTHING);
        cluster = Wanted.sharded();
        assertThat(said(only(plan("zones", Optional.of(table()))))).containsExactly("zone.json");
        zonesOfShards.put("shard-a", Set.of("eu"));
        assertThat(plan("zones", Optional.of(table()))).isEqualTo(Plan.NOTHING);
        zones = Map.of("eu", List.of("shard-x"));
        assertThat(plan("zones", Optional.of(table())).refusals())
                .singleElement()
                .satisfies(r -> assertThat(r.what()).contains("the shard shard-x does not exist"));
    }

    @Test
    void what_mongodb_does_not_keep_is_said() {
        assertThat(diff().lacks()).isEmpty();
        references = List.of(new Reference(PLACE, List.of("note"), "notes", List.of("id"), OnDelete.CASCADE));
        assertThat(diff().lacks()).singleElement().asString().contains("no foreign keys", "orders");
        cluster = Wanted.sharded();
        sharding = Optional.of(new ShardKey(PLACE, List.of("note"), "", List.of(), List.of()));
        assertThat(diff().lacks()).anyMatch(l -> l.contains("no uniqueness across shards") && l.contains("orders.id"));
    }
}
