package dev.holdfast.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Node;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.schema.CatalogState.Column;
import dev.holdfast.postgres.schema.CatalogState.Part;
import dev.holdfast.postgres.schema.CatalogState.Table;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType;
import dev.holdfast.schema.FieldType.Kind;
import dev.holdfast.schema.Index;
import dev.holdfast.schema.Reference;
import dev.holdfast.schema.Reference.OnDelete;
import dev.holdfast.world.FakeWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The table shop.orders with a key, an amount, a note and an index, and what its catalog shows. */
@Tag("unit")
class SchemaDiffTest {

    private static final SourceLocation PLACE = new SourceLocation("shop.yaml", 3, 1);
    private static final String AMOUNT_INDEX = "CREATE INDEX orders_amount_idx ON shop.orders USING btree (amount)";

    private final PostgresCluster cluster = new Trio().cluster();
    private final Map<String, Table> tables = new LinkedHashMap<>();
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final Map<String, Part> constraints = new LinkedHashMap<>();
    private final Map<String, Part> indexes = new LinkedHashMap<>();
    private final Map<String, List<String>> duplicates = new LinkedHashMap<>();
    private final Set<String> schemas = new TreeSet<>(Set.of("shop"));
    private final Set<String> granted = new TreeSet<>(Set.of("shop/clerk"));
    private List<Field> fields = List.of(
            field("id", FieldType.of(Kind.UUID), false, ""),
            field("amount", FieldType.decimal(10, 2), false, ""),
            field("note", FieldType.text(40), true, ""));
    private List<Reference> references = List.of();
    private List<Index> declared = List.of(index("orders_amount_idx", "amount", false));
    private final Map<String, List<String>> users = new LinkedHashMap<>();
    private final List<String> partitions = new ArrayList<>();
    private boolean empty;
    private String kind = "r";

    SchemaDiffTest() {
        columns.put("id", new Column("uuid", false, ""));
        columns.put("amount", new Column("numeric(10,2)", false, ""));
        columns.put("note", new Column("character varying(40)", true, ""));
        constraints.put("orders_pkey", new Part("PRIMARY KEY (id)", true, "p"));
        constraints.put("orders_amount_check", new Part("CHECK ((amount <> 'NaN'::numeric))", true, "c"));
        indexes.put(
                "orders_pkey",
                new Part("CREATE UNIQUE INDEX orders_pkey ON shop.orders USING btree (id)", true, "constraint"));
        indexes.put("orders_amount_idx", new Part(AMOUNT_INDEX, true, ""));
    }

    private static Field field(String name, FieldType type, boolean optional, String otherwise) {
        return new Field(PLACE, name, type, optional, false, otherwise, Optional.empty(), Optional.empty(), "");
    }

    private static Index index(String name, String field, boolean unique) {
        return new Index(
                PLACE,
                name,
                Index.Kind.PLAIN,
                List.of(new Index.Part(field, false)),
                unique,
                Map.of(),
                Optional.empty(),
                false,
                "",
                Optional.empty());
    }

    private Entity entity(String name, List<Field> of, List<Reference> refs, List<Index> with) {
        return new Entity(
                PLACE,
                "shop",
                name,
                "",
                "",
                List.of("id"),
                of,
                refs,
                List.of(),
                with,
                Optional.empty(),
                Entity.Validation.STRICT);
    }

    private Entity orders() {
        return entity("orders", fields, references, declared);
    }

    private List<Entity> entities = new ArrayList<>();

    private Map<String, Plan> plans(String... allowed) {
        if (entities.isEmpty()) {
            entities.add(orders());
        }
        CatalogState actual = new CatalogState(
                Instant.EPOCH,
                List.of(),
                Optional.of(cluster.declaredPrimary().node()),
                schemas,
                tables,
                List.of(),
                granted,
                false,
                List.of());
        Runbook<CatalogState> runbook =
                new SchemaDiff(cluster, new Dictionary(entities, Map.of()), Set.of(allowed)).runbook();
        Map<String, Plan> plans = new LinkedHashMap<>();
        runbook.stages()
                .forEach(s ->
                        plans.put(s.name().replace("schema: ", ""), s.planner().apply(actual)));
        return plans;
    }

    @Test
    void the_unknown_catalog_of_a_cluster_without_primary_is_not_taken_for_empty() {
        Node standby = cluster.members().get(1).node();
        CatalogState unread = new CatalogState(
                Instant.EPOCH,
                List.of(new NodeStatus(standby, NodeAvailability.UP, "standby", Map.of())),
                Optional.empty(),
                Set.of(),
                Map.of(),
                List.of(),
                Set.of(),
                false,
                List.of("no primary answers"));
        Plan all = new SchemaDiff(cluster, new Dictionary(List.of(orders()), Map.of()), Set.of())
                .runbook().stages().stream().map(s -> s.planner().apply(unread)).reduce(Plan.NOTHING, Plan::and);
        assertThat(all.steps()).isEmpty();
        assertThat(all.missing())
                .singleElement()
                .satisfies(m -> assertThat(m.what()).isEqualTo("the schema was not compared: no primary answers"));
    }

    private CatalogState observed(ActionResult answer) {
        return new SchemaDiff(cluster, new Dictionary(List.of(orders()), Map.of()), Set.of())
                .runbook()
                .look()
                .apply(new FakeWorld().with((action, now) -> answer));
    }

    @Test
    void a_refused_login_shows_that_the_catalog_exists_and_a_missing_database_that_it_does_not() {
        assertThat(observed(ActionResult.refused("28P01", "password authentication failed"))
                        .isUnread())
                .isTrue();
        assertThat(observed(ActionResult.refused("3D000", "database does not exist"))
                        .isUnread())
                .isFalse();
        assertThat(observed(ActionResult.silent("Connection refused")).isUnread())
                .isFalse();
    }

    private Plan changes(String... allowed) {
        tables.put("shop.orders", new Table(kind, empty, columns, constraints, indexes, duplicates, users, partitions));
        return plans(allowed).get("changes");
    }

    private static List<String> statements(Plan plan) {
        return plan.steps().stream()
                .flatMap(s -> s.actions().stream())
                .map(a -> a.script().values().toString())
                .toList();
    }

    private static Step only(Plan plan) {
        assertThat(plan.steps()).as(plan.notes().toString()).hasSize(1);
        return plan.steps().get(0);
    }

    private void wants(Field... wanted) {
        fields = Arrays.asList(wanted);
    }

    @Test
    void a_table_as_declared_needs_nothing() {
        assertThat(changes()).isEqualTo(Plan.NOTHING);
        assertThat(plans().values()).allMatch(Plan::isEmpty);
    }

    @Test
    void a_missing_schema_and_table_are_made_with_constraints_and_indexes_before_references() {
        schemas.clear();
        granted.clear();
        references = List.of(new Reference(PLACE, List.of("id"), "customers", List.of("id"), OnDelete.CASCADE));
        entities.add(orders());
        entities.add(
                entity("customers", List.of(field("id", FieldType.of(Kind.UUID), false, "")), List.of(), List.of()));
        Map<String, Plan> plans = plans();
        assertThat(plans.keySet()).containsExactly("namespaces", "tables", "changes", "references", "grants");
        assertThat(statements(plans.get("namespaces")))
                .singleElement()
                .asString()
                .contains("CREATE SCHEMA IF NOT EXISTS");
        assertThat(statements(plans.get("tables"))).hasSize(2);
        assertThat(statements(plans.get("tables")).get(0))
                .contains("CREATE TABLE", "PRIMARY KEY", "CREATE INDEX")
                .doesNotContain("FOREIGN KEY");
        assertThat(statements(plans.get("references")))
                .singleElement()
                .asString()
                .contains("FOREIGN KEY", "ON DELETE CASCADE");
        assertThat(statements(plans.get("grants"))).singleElement().asString().contains("GRANT USAGE ON SCHEMA");
    }

    @Test
    void many_missing_tables_are_made_together_in_four_sessions() {
        IntStream.range(0, 230)
                .forEach(i -> entities.add(entity(
                        "t" + i, List.of(field("id", FieldType.of(Kind.UUID), false, "")), List.of(), List.of())));
        List<Step> steps = plans().get("tables").steps();
        assertThat(steps).hasSize(5);
        assertThat(steps.stream().map(Step::lane).distinct()).hasSize(4);
        assertThat(steps.get(4).title()).contains("30 tables shop.t200 to shop.t229");
    }

    @Test
    void a_new_column_without_a_default_is_refused_only_where_rows_would_lack_it() {
        Field[] more = {fields.get(0), fields.get(1), fields.get(2), field("paid", FieldType.of(Kind.BOOL), false, "")};
        wants(more);
        Plan refused = changes();
        assertThat(refused.steps()).isEmpty();
        assertThat(refused.missing())
                .singleElement()
                .satisfies(r -> assertThat(r.what()).contains("has rows", "paid"));
        empty = true;
        entities.clear();
        assertThat(statements(changes())).singleElement().asString().contains("ADD COLUMN", "paid", "NOT NULL");
        empty = false;
        entities.clear();
        more[3] = field("paid", FieldType.of(Kind.BOOL), false, "false");
        assertThat(statements(changes())).singleElement().asString().contains("DEFAULT false");
    }

    @Test
    void a_wider_type_is_a_step_and_a_narrower_one_only_when_it_is_allowed_by_name() {
        columns.put("note", new Column("character varying(20)", true, ""));
        assertThat(only(changes()).risk()).isEqualTo(Step.Risk.NONE);
        columns.put("note", new Column("character varying(80)", true, ""));
        Plan drift = changes();
        assertThat(drift.steps()).isEmpty();
        assertThat(drift.notes()).singleElement().asString().contains("--allow=rewrite-column:shop.orders.note");
        assertThat(only(changes("rewrite-column:shop.orders.note")).risk()).isEqualTo(Step.Risk.DANGER);
        assertThat(changes("rewrite-column:shop.orders.amount").steps()).isEmpty();
    }

    @Test
    void what_postgresql_changes_without_touching_a_row_is_wider() {
        assertThat(ColumnDiff.isWider("character varying(20)", "text")).isTrue();
        assertThat(ColumnDiff.isWider("character varying(20)", "character varying(20)"))
                .isTrue();
        assertThat(ColumnDiff.isWider("character varying(20)", "character varying(19)"))
                .isFalse();
        assertThat(ColumnDiff.isWider("numeric(8,2)", "numeric(10,2)")).isTrue();
        assertThat(ColumnDiff.isWider("numeric(8,2)", "numeric(10,3)")).isFalse();
        assertThat(ColumnDiff.isWider("integer", "bigint")).isFalse();
        assertThat(ColumnDiff.isWider("text", "character varying(20)")).isFalse();
    }

    @Test
    void a_column_that_becomes_optional_is_changed_and_one_that_becomes_required_is_drift() {
        columns.put("note", new Column("character varying(40)", false, ""));
        assertThat(statements(changes())).singleElement().asString().contains("DROP NOT NULL");
        columns.put("note", new Column("character varying(40)", true, ""));
        columns.put("amount", new Column("numeric(10,2)", true, ""));
        assertThat(changes().steps()).isEmpty();
        Step require = only(changes("require-column:shop.orders.amount"));
        assertThat(statements(Plan.of(List.of(require))))
                .satisfiesExactly(
                        s -> assertThat(s).contains("NOT VALID"),
                        s -> assertThat(s).contains("VALIDATE CONSTRAINT"),
                        s -> assertThat(s).contains("SET NOT NULL", "DROP CONSTRAINT"));
        assertThat(require.revert()).hasSize(1);
    }

    @Test
    void an_unknown_column_is_named_and_dropped_only_when_allowed() {
        columns.put("nick", new Column("text", false, ""));
        assertThat(changes().notes())
                .singleElement()
                .asString()
                .contains(
                        "nick",
                        "the column is required, so new rows are refused",
                        "--allow=drop-column:shop.orders.nick");
        assertThat(statements(changes("drop-column:shop.orders.nick")))
                .singleElement()
                .asString()
                .contains("DROP COLUMN");
    }

    @Test
    void a_unique_constraint_is_built_beside_the_traffic_and_refused_where_rows_are_equal() {
        declared = List.of(declared.get(0), index("orders_note_key", "note", true));
        assertThat(statements(changes()))
                .satisfiesExactly(
                        s -> assertThat(s).contains("CREATE UNIQUE INDEX CONCURRENTLY"),
                        s -> assertThat(s).contains("UNIQUE USING INDEX"));
        indexes.put("orders_note_key", new Part("", false, ""));
        assertThat(statements(changes()).get(0)).contains("DROP INDEX CONCURRENTLY");
        duplicates.put("orders_note_key", List.of("note = 'x' (2 rows)"));
        assertThat(changes().steps()).isEmpty();
        assertThat(changes().missing())
                .singleElement()
                .satisfies(r -> assertThat(r.what()).contains("note = 'x' (2 rows)"));
    }

    @Test
    void an_index_is_built_without_a_lock_and_an_invalid_one_is_replaced() {
        indexes.remove("orders_amount_idx");
        assertThat(statements(changes())).singleElement().asString().contains("CREATE INDEX CONCURRENTLY");
        indexes.put("orders_amount_idx", new Part(AMOUNT_INDEX, false, ""));
        assertThat(statements(changes())).hasSize(2).first().asString().contains("DROP INDEX CONCURRENTLY");
        indexes.put("orders_amount_idx", new Part(AMOUNT_INDEX, false, "building"));
        assertThat(changes().steps()).isEmpty();
        assertThat(changes().notes()).singleElement().asString().contains("being built");
        indexes.put("orders_amount_idx", new Part(AMOUNT_INDEX.replace("(amount)", "(note)"), true, ""));
        assertThat(changes().notes())
                .singleElement()
                .asString()
                .contains("rebuild-index:shop.orders.orders_amount_idx");
    }

    @Test
    void an_index_of_another_name_that_does_the_same_is_enough() {
        indexes.remove("orders_amount_idx");
        indexes.put("by_amount", new Part(AMOUNT_INDEX.replace("orders_amount_idx", "by_amount"), true, ""));
        assertThat(changes()).isEqualTo(Plan.NOTHING);
        indexes.put(
                "by_note",
                new Part(
                        AMOUNT_INDEX
                                .replace("orders_amount_idx ON", "by_note ON")
                                .replace("amount)", "note)"),
                        true,
                        ""));
        assertThat(changes().notes()).singleElement().asString().contains("index by_note", "stays unchanged");
    }

    @Test
    void a_constraint_is_added_without_a_long_lock_and_validated_when_that_was_left_out() {
        Part check = constraints.remove("orders_amount_check");
        assertThat(statements(changes()))
                .satisfiesExactly(
                        s -> assertThat(s).contains("NOT VALID"),
                        s -> assertThat(s).contains("VALIDATE CONSTRAINT"));
        constraints.put("orders_amount_check", new Part(check.definition(), false, "c"));
        assertThat(statements(changes())).singleElement().asString().contains("VALIDATE CONSTRAINT");
        constraints.put("orders_amount_check", new Part("CHECK ((amount > 5))", true, "c"));
        assertThat(changes().steps()).isEmpty();
        assertThat(changes().notes())
                .singleElement()
                .asString()
                .contains("replace-constraint:shop.orders.orders_amount_check");
    }

    @Test
    void a_wider_column_that_a_view_uses_is_refused_because_postgresql_keeps_its_type() {
        wants(fields.get(0), fields.get(1), field("note", FieldType.text(80), true, ""));
        users.put("note", List.of("the view shop.notes"));
        Plan plan = changes();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.missing())
                .singleElement()
                .satisfies(r -> assertThat(r.what()).endsWith("because the view shop.notes uses it"));
        assertThat(changes("rewrite-column:shop.orders.note").steps()).isEmpty();
        users.clear();
        assertThat(only(changes()).title()).startsWith("Change the type of shop.orders.note");
    }

    @Test
    void an_index_of_a_partitioned_table_is_built_on_each_partition_and_found_again() {
        kind = "p";
        partitions.addAll(List.of("shop.orders_1", "shop.\"orders 2\""));
        indexes.put(
                "orders_amount_idx",
                new Part("CREATE INDEX orders_amount_idx ON ONLY shop.orders USING btree (amount)", true, ""));
        assertThat(changes()).isEqualTo(Plan.NOTHING);
        indexes.remove("orders_amount_idx");
        assertThat(statements(changes()))
                .satisfiesExactly(
                        s -> assertThat(s)
                                .contains("CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_amount_idx_")
                                .contains("_part ON shop.orders_1 USING btree (amount)"),
                        s -> assertThat(s).contains("_part ON shop.\"orders 2\" USING btree"),
                        s -> assertThat(s).contains("CREATE INDEX orders_amount_idx ON shop.orders USING btree"));
    }

    @Test
    void a_view_of_that_name_is_refused_and_the_other_tables_are_still_compared() {
        kind = "v";
        entities.add(orders());
        entities.add(
                entity("customers", List.of(field("id", FieldType.of(Kind.UUID), false, "")), List.of(), List.of()));
        tables.put(
                "shop.customers",
                new Table(
                        "r",
                        true,
                        Map.of(),
                        Map.of("customers_pkey", new Part("PRIMARY KEY (id)", true, "p")),
                        Map.of(),
                        Map.of()));
        Plan plan = changes();
        assertThat(plan.missing())
                .singleElement()
                .satisfies(r -> assertThat(r.what()).contains("relkind v"));
        assertThat(statements(plan)).singleElement().asString().contains("ADD COLUMN");
    }

    @Test
    void what_postgresql_does_not_keep_is_said() {
        Index ttl = new Index(
                PLACE,
                "orders_ttl",
                Index.Kind.TTL,
                List.of(new Index.Part("note", false)),
                false,
                Map.of(),
                Optional.of(Duration.ofDays(1)),
                false,
                "",
                Optional.empty());
        Reference elsewhere = new Reference(PLACE, List.of("id"), "likes", List.of("id"), OnDelete.REFUSE);
        Entity with = entity("orders", fields, List.of(elsewhere), List.of(ttl));
        assertThat(UnsupportedDeclarations.notes(new Dictionary(List.of(with), Map.of())))
                .satisfiesExactly(
                        l -> assertThat(l).contains("no TTL", "shop.orders.note"),
                        l -> assertThat(l).contains("no foreign key", "shop.orders.id -> likes"));
    }
}
