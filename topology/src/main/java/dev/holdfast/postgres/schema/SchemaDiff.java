package dev.holdfast.postgres.schema;

import static dev.holdfast.postgres.value.SqlQuoting.name;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Quantity;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.schema.CatalogState.Table;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The runbook that changes a database's schema to that of the dictionary. */
public final class SchemaDiff {

    /** Up to this number, missing tables are created one per step. */
    private static final int FEW = 24;
    /** Tables per step when more are missing. */
    private static final int AT_ONCE = 50;
    /** Tables per step of references when there are more: each reference is only a row in the catalog. */
    private static final int REFERENCES_AT_ONCE = 200;
    /** Sessions that create many tables in parallel, because each mostly waits for its new files to be flushed. */
    private static final int SESSIONS = 4;

    private final PostgresCluster cluster;
    private final Dictionary dictionary;
    private final Set<String> allowed;
    private final CatalogProbe look;

    public SchemaDiff(PostgresCluster cluster, Dictionary dictionary, Set<String> allowed) {
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
                        new Stage<>("schema: namespaces", ifRead(this::namespaces)),
                        new Stage<>("schema: tables", this::tables),
                        new Stage<>("schema: changes", this::changes).independent(),
                        new Stage<>("schema: references", ifRead(this::references)).independent(),
                        new Stage<>("schema: grants", ifRead(this::grants)).independent()));
    }

    /** Plans nothing while the catalog of existing servers is unknown; the stage of the tables reports that. */
    private static Function<CatalogState, Plan> ifRead(Function<CatalogState, Plan> stage) {
        return state -> state.isUnread() ? Plan.NOTHING : stage.apply(state);
    }

    private SchemaSteps steps(CatalogState state) {
        return new SchemaSteps(
                cluster,
                look,
                state.queryNode().orElse(cluster.declaredPrimary().node()));
    }

    private TableDefinition table(Entity entity, CatalogState state) {
        return new TableDefinition(entity, new TypeMapping(state.postgis()), dictionary);
    }

    private Plan namespaces(CatalogState state) {
        SchemaSteps make = steps(state);
        List<Step> steps = new ArrayList<>();
        for (String domain : dictionary.domains()) {
            if (!state.schemas().contains(domain)) {
                steps.add(make.step(
                                "Create schema " + domain,
                                "observed: no schema " + domain + "; desired: one, by the dictionary")
                        .type(make.change("CREATE SCHEMA IF NOT EXISTS " + name(domain)))
                        .until(
                                make.untilObserved(
                                        "the schema exists", s -> s.schemas().contains(domain)),
                                SchemaSteps.CHANGE));
            }
        }
        return Plan.of(steps);
    }

    /** Plans the tables without references, so that no table waits for the lock of another one and two sessions can run. */
    private Plan tables(CatalogState state) {
        if (state.isUnread()) {
            return Plan.missing(List.of(new Refusal(
                    cluster.name(),
                    "the schema was not compared: " + String.join("; ", state.problems()),
                    "make the primary answer, then run holdfast plan",
                    ExitCode.UNREACHABLE)));
        }
        SchemaSteps make = steps(state);
        List<TableDefinition> missing = dictionary.entities().stream()
                .filter(e -> !state.tables().containsKey(e.id()))
                .map(e -> table(e, state))
                .toList();
        List<Step> steps = new ArrayList<>();
        for (List<TableDefinition> tables : together(missing, AT_ONCE)) {
            steps.add(create(make, tables, missing.size() > FEW ? 1 + steps.size() % SESSIONS : 1));
        }
        List<String> notes = new ArrayList<>(UnsupportedDeclarations.notes(dictionary));
        if (!state.isKnown()) {
            notes.add("the catalog of " + cluster.name()
                    + " does not answer yet: the plan assumes that it is empty; existing objects are skipped later");
        }
        state.others().forEach(o -> notes.add(o + " is not in the dictionary and stays unchanged"));
        return new Plan(steps, List.of(), notes);
    }

    /** Plans one step per table for a few tables, and several tables per step for many, because each step costs two queries. */
    private static List<List<TableDefinition>> together(List<TableDefinition> tables, int atOnce) {
        int size = tables.size() > FEW ? atOnce : 1;
        List<List<TableDefinition>> parts = new ArrayList<>();
        for (int i = 0; i < tables.size(); i += size) {
            parts.add(tables.subList(i, Math.min(i + size, tables.size())));
        }
        return parts;
    }

    private static Step create(SchemaSteps make, List<TableDefinition> tables, int session) {
        List<String> statements = new ArrayList<>();
        tables.forEach(t -> {
            statements.add(t.create());
            statements.addAll(t.indexes().values());
        });
        int constraints = tables.stream().mapToInt(t -> t.constraints().size()).sum();
        Map<String, Set<String>> indexes = names(tables, TableDefinition::indexes);
        return make.step(
                        "Create the " + named(tables) + " with " + Quantity.of(constraints, "constraint", "constraints")
                                + " and " + Quantity.of(count(indexes), "index", "indexes"),
                        "observed: no " + named(tables) + "; desired by " + places(tables),
                        session)
                .looked()
                .type(make.change(String.join(";\n", statements)))
                .until(
                        make.until(
                                entities(tables),
                                tables.size() == 1
                                        ? "the table exists with its indexes"
                                        : "the tables exist with their indexes",
                                (desired, state) -> state.indexes().keySet().containsAll(indexes.get(desired.id()))),
                        SchemaSteps.CHANGE);
    }

    private static List<Entity> entities(List<TableDefinition> tables) {
        return tables.stream().map(TableDefinition::entity).toList();
    }

    /** Computes the desired objects of a condition once, and not at each query. */
    private static Map<String, Set<String>> names(
            List<TableDefinition> tables, Function<TableDefinition, Map<String, String>> parts) {
        return tables.stream()
                .collect(Collectors.toMap(
                        t -> t.entity().id(), t -> Set.copyOf(parts.apply(t).keySet())));
    }

    private static int count(Map<String, Set<String>> names) {
        return names.values().stream().mapToInt(Set::size).sum();
    }

    private static String named(List<TableDefinition> tables) {
        return tables.size() == 1 ? "table " + tables.get(0).entity().id() : tables.size() + " tables " + span(tables);
    }

    private static String span(List<TableDefinition> tables) {
        String first = tables.get(0).entity().id();
        return tables.size() == 1
                ? first
                : first + " to " + tables.get(tables.size() - 1).entity().id();
    }

    private static String places(List<TableDefinition> tables) {
        String first = entities(tables).get(0).place().toString();
        return tables.size() == 1 ? first : first + " and below";
    }

    private Plan changes(CatalogState state) {
        SchemaSteps make = steps(state);
        SchemaDiffResult found = new SchemaDiffResult(allowed);
        for (Entity entity : dictionary.entities()) {
            Table table = state.tables().get(entity.id());
            if (table == null) {
                continue;
            }
            if (!table.kind().equals("r") && !table.kind().equals("p")) {
                found.refuse(new Refusal(
                        entity.id(),
                        "exists and is not a table (relkind " + table.kind() + ")",
                        "give the entity another name"));
                continue;
            }
            TableDefinition desired = table(entity, state);
            SchemaSteps own = make.about(entity);
            new ColumnDiff(desired, table, own, found).compare();
            new ConstraintAndIndexDiff(desired, table, own, found).compare();
        }
        return found.plan();
    }

    /** Plans the references: all tables exist by now; a table that was not observed yet needs all of its references. */
    private Plan references(CatalogState state) {
        SchemaSteps make = steps(state);
        SchemaDiffResult found = new SchemaDiffResult(allowed);
        List<TableDefinition> bare = new ArrayList<>();
        for (Entity entity : dictionary.entities()) {
            TableDefinition desired = table(entity, state);
            Table table = state.tables().get(entity.id());
            boolean isBare = table == null
                    || table.empty()
                            && table.constraints().values().stream()
                                    .noneMatch(p -> p.more().equals("f"));
            if (!isBare) {
                new ConstraintAndIndexDiff(desired, table, make.about(entity), found).compareReferences();
            } else if (!desired.references().isEmpty()) {
                bare.add(desired);
            }
        }
        together(bare, REFERENCES_AT_ONCE).forEach(tables -> found.step(newReferences(make, tables)));
        return found.plan();
    }

    /** Plans all references of a table without rows as one change. */
    private static Step newReferences(SchemaSteps make, List<TableDefinition> tables) {
        List<String> statements = new ArrayList<>();
        tables.forEach(t -> t.references()
                .forEach(
                        (n, d) -> statements.add("ALTER TABLE " + t.table() + " ADD CONSTRAINT " + name(n) + " " + d)));
        Map<String, Set<String>> names = names(tables, TableDefinition::references);
        return make.step(
                        "Add the references of " + span(tables) + ": "
                                + (tables.size() == 1
                                        ? String.join(
                                                ", ", tables.get(0).references().keySet())
                                        : count(names) + " foreign keys"),
                        "observed: none; desired by " + places(tables))
                .looked()
                .type(make.change(String.join(";\n", statements)))
                .until(
                        make.until(
                                entities(tables),
                                "the foreign keys exist",
                                (desired, state) -> state.constraints().keySet().containsAll(names.get(desired.id()))),
                        SchemaSteps.CHANGE);
    }

    /** Grants the cluster's application users read and write access to the tables of the dictionary, and nothing else. */
    private Plan grants(CatalogState state) {
        SchemaSteps make = steps(state);
        List<Step> steps = new ArrayList<>();
        for (String domain : dictionary.domains()) {
            for (PostgresCluster.User user : cluster.users()) {
                String both = domain + "/" + user.name();
                if (!state.granted().contains(both)) {
                    steps.add(make.step(
                                    "Grant " + user.name() + " access to " + domain,
                                    "observed: " + user.name() + " has no access to some tables of " + domain
                                            + "; desired: access for every user of the cluster")
                            .type(make.change(grant(name(domain), name(user.name()))))
                            .until(
                                    make.untilObserved(
                                            "the grants exist", s -> s.granted().contains(both)),
                                    SchemaSteps.CHANGE));
                }
            }
        }
        return Plan.of(steps);
    }

    private static String grant(String schema, String user) {
        String rights = " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO " + user;
        return String.join(
                ";\n",
                "GRANT USAGE ON SCHEMA " + schema + " TO " + user,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + user,
                "GRANT USAGE ON ALL SEQUENCES IN SCHEMA " + schema + " TO " + user,
                "ALTER DEFAULT PRIVILEGES IN SCHEMA " + schema + rights,
                "ALTER DEFAULT PRIVILEGES IN SCHEMA " + schema + " GRANT USAGE ON SEQUENCES TO " + user);
    }
}
