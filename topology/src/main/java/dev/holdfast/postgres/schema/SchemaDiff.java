package dev.holdfast.postgres.schema;

import static dev.holdfast.postgres.value.SqlQuoting.name;

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

/** From what a database's catalogue holds to what the dictionary says. */
public final class SchemaDiff {

    /** So many missing tables are shown and made one by one. */
    private static final int FEW = 24;
    /** Tables that are made in one change when there are more. */
    private static final int AT_ONCE = 50;
    /** Tables that get their references in one change when there are more: nothing is written for one but its line in the catalogue. */
    private static final int REFERENCES_AT_ONCE = 200;
    /** Sessions that make many tables: most of the time each waits for its new files to be safe on disk. */
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
                        new Stage<>("schema: namespaces", this::namespaces),
                        new Stage<>("schema: tables", this::tables),
                        new Stage<>("schema: changes", this::changes).independent(),
                        new Stage<>("schema: references", this::references).independent(),
                        new Stage<>("schema: grants", this::grants).independent()));
    }

    private SchemaSteps steps(CatalogState state) {
        return new SchemaSteps(
                cluster, look, state.speaker().orElse(cluster.declaredPrimary().node()));
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
                                "create the schema " + domain, "seen: no schema " + domain + "; the dictionary has one")
                        .type(make.change("CREATE SCHEMA IF NOT EXISTS " + name(domain)))
                        .until(
                                make.untilObserved(
                                        "the schema is there", s -> s.schemas().contains(domain)),
                                SchemaSteps.CHANGE));
            }
        }
        return Plan.of(steps);
    }

    /** References are not among them yet: no table waits for another one's lock, so that two sessions may make them. */
    private Plan tables(CatalogState state) {
        SchemaSteps make = steps(state);
        List<TableDefinition> missing = dictionary.entities().stream()
                .filter(e -> !state.tables().containsKey(e.id()))
                .map(e -> table(e, state))
                .toList();
        List<Step> steps = new ArrayList<>();
        for (List<TableDefinition> tables : together(missing, AT_ONCE)) {
            steps.add(create(make, tables, missing.size() > FEW ? 1 + steps.size() % SESSIONS : 1));
        }
        List<String> notes = new ArrayList<>(lacks());
        if (!state.isKnown()) {
            notes.add("the catalogue of " + cluster.name()
                    + " does not answer yet: planned as if it were empty; what is " + "there by then is skipped");
        }
        state.others().forEach(o -> notes.add(o + " is not in the dictionary; it is left alone"));
        return new Plan(steps, List.of(), notes);
    }

    /** A few tables get a step each; of many, several are one change: every step looks twice and is twice on record. */
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
                        "create the " + named(tables) + " with " + constraints + " constraints and " + count(indexes)
                                + " indexes",
                        "seen: no " + named(tables) + "; wanted by " + places(tables),
                        session)
                .looked()
                .type(make.change(String.join(";\n", statements)))
                .until(
                        make.until(
                                entities(tables),
                                tables.size() == 1
                                        ? "the table is there with its indexes"
                                        : "the tables are there with their indexes",
                                (desired, state) -> state.indexes().keySet().containsAll(indexes.get(desired.id()))),
                        SchemaSteps.CHANGE);
    }

    private static List<Entity> entities(List<TableDefinition> tables) {
        return tables.stream().map(TableDefinition::entity).toList();
    }

    /** What a condition asks for is told from the dictionary once, not each time that it looks. */
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
                        "is there and is no table (relkind " + table.kind() + ")",
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

    /** All tables are there by now; of one that is not seen yet, all references are to be added. */
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

    /** A table without rows gets all its references in one change. */
    private static Step newReferences(SchemaSteps make, List<TableDefinition> tables) {
        List<String> statements = new ArrayList<>();
        tables.forEach(t -> t.references()
                .forEach(
                        (n, d) -> statements.add("ALTER TABLE " + t.table() + " ADD CONSTRAINT " + name(n) + " " + d)));
        Map<String, Set<String>> names = names(tables, TableDefinition::references);
        return make.step(
                        "add the references of " + span(tables) + ": "
                                + (tables.size() == 1
                                        ? String.join(
                                                ", ", tables.get(0).references().keySet())
                                        : count(names) + " foreign keys"),
                        "seen: none; wanted by " + places(tables))
                .looked()
                .type(make.change(String.join(";\n", statements)))
                .until(
                        make.until(
                                entities(tables),
                                "the foreign keys are there",
                                (desired, state) -> state.constraints().keySet().containsAll(names.get(desired.id()))),
                        SchemaSteps.CHANGE);
    }

    /** The cluster's application users read and write what the dictionary makes, and nothing else. */
    private Plan grants(CatalogState state) {
        SchemaSteps make = steps(state);
        List<Step> steps = new ArrayList<>();
        for (String domain : dictionary.domains()) {
            for (PostgresCluster.User user : cluster.users()) {
                String both = domain + "/" + user.name();
                if (!state.granted().contains(both)) {
                    steps.add(make.step(
                                    "let " + user.name() + " read and write " + domain,
                                    "seen: " + user.name() + " may not use all tables of " + domain
                                            + "; wanted: every user of the cluster may")
                            .type(make.change(grant(name(domain), name(user.name()))))
                            .until(
                                    make.untilObserved(
                                            "the grants are there",
                                            s -> s.granted().contains(both)),
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

    /** What the dictionary says and PostgreSQL does not keep. */
    List<String> lacks() {
        List<String> ttl = new ArrayList<>();
        List<String> hidden = new ArrayList<>();
        List<String> promised = new ArrayList<>();
        for (Entity entity : dictionary.entities()) {
            entity.indexes().forEach(i -> {
                i.after().ifPresent(a -> ttl.add(entity.id() + "." + i.fields().get(0)));
                if (i.hidden() || i.fields().contains(dev.holdfast.schema.Index.EVERYTHING)) {
                    hidden.add(i.name());
                }
            });
            entity.references().stream()
                    .filter(r -> dictionary.entity(r.to()).isEmpty())
                    .forEach(r -> promised.add(entity.id() + "." + String.join("+", r.fields()) + " -> " + r.to()));
        }
        List<String> lacks = new ArrayList<>();
        lack(lacks, "PostgreSQL has no TTL: run `holdfast schema purge` from cron for ", ttl);
        lack(lacks, "PostgreSQL has no hidden indexes and none over whole rows: ", hidden);
        lack(lacks, "kept in another store, so no foreign key: ", promised);
        return lacks;
    }

    private static void lack(List<String> lacks, String what, List<String> where) {
        if (!where.isEmpty()) {
            lacks.add(what + String.join(", ", where));
        }
    }
}
