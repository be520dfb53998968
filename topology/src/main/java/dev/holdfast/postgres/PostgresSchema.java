package dev.holdfast.postgres;

import static dev.holdfast.postgres.PostgresQuote.name;

import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.PostgresSchemaSeen.Table;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** From what a database's catalogue holds to what the dictionary says. */
final class PostgresSchema {

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
    private final PostgresSchemaLook look;

    PostgresSchema(PostgresCluster cluster, Dictionary dictionary, Set<String> allowed) {
        this.cluster = cluster;
        this.dictionary = dictionary;
        this.allowed = allowed;
        this.look = new PostgresSchemaLook(cluster, dictionary);
    }

    Runbook<PostgresSchemaSeen> runbook() {
        return new Runbook<>(
                cluster.name(),
                "schema of " + cluster.name(),
                look::at,
                List.of(
                        new Act<>("schema: namespaces", this::namespaces),
                        new Act<>("schema: tables", this::tables),
                        new Act<>("schema: changes", this::changes),
                        new Act<>("schema: references", this::references),
                        new Act<>("schema: grants", this::grants)));
    }

    private PostgresSchemaSteps steps(PostgresSchemaSeen seen) {
        return new PostgresSchemaSteps(
                cluster, look, seen.speaker().orElse(cluster.declaredPrimary().node()));
    }

    private PostgresSchemaTable table(Entity entity, PostgresSchemaSeen seen) {
        return new PostgresSchemaTable(entity, new PostgresSchemaTypes(seen.postgis()), dictionary);
    }

    private Plan namespaces(PostgresSchemaSeen seen) {
        PostgresSchemaSteps make = steps(seen);
        List<Step> steps = new ArrayList<>();
        for (String domain : dictionary.domains()) {
            if (!seen.schemas().contains(domain)) {
                steps.add(make.step(
                                "create the schema " + domain, "seen: no schema " + domain + "; the dictionary has one")
                        .type(make.change("CREATE SCHEMA IF NOT EXISTS " + name(domain)))
                        .until(
                                make.untilSeen(
                                        "the schema is there", s -> s.schemas().contains(domain)),
                                PostgresSchemaSteps.CHANGE));
            }
        }
        return Plan.of(steps);
    }

    /** References are not among them yet: no table waits for another one's lock, so that two sessions may make them. */
    private Plan tables(PostgresSchemaSeen seen) {
        PostgresSchemaSteps make = steps(seen);
        List<PostgresSchemaTable> missing = dictionary.entities().stream()
                .filter(e -> !seen.tables().containsKey(e.id()))
                .map(e -> table(e, seen))
                .toList();
        List<Step> steps = new ArrayList<>();
        for (List<PostgresSchemaTable> tables : together(missing, AT_ONCE)) {
            steps.add(create(make, tables, missing.size() > FEW ? 1 + steps.size() % SESSIONS : 1));
        }
        List<String> notes = new ArrayList<>(lacks());
        if (!seen.isKnown()) {
            notes.add("the catalogue of " + cluster.name()
                    + " does not answer yet: planned as if it were empty; what is " + "there by then is skipped");
        }
        seen.others().forEach(o -> notes.add(o + " is not in the dictionary; it is left alone"));
        return new Plan(steps, List.of(), notes);
    }

    /** A few tables get a step each; of many, several are one change: every step looks twice and is twice on record. */
    private static List<List<PostgresSchemaTable>> together(List<PostgresSchemaTable> tables, int atOnce) {
        int size = tables.size() > FEW ? atOnce : 1;
        List<List<PostgresSchemaTable>> parts = new ArrayList<>();
        for (int i = 0; i < tables.size(); i += size) {
            parts.add(tables.subList(i, Math.min(i + size, tables.size())));
        }
        return parts;
    }

    private static Step create(PostgresSchemaSteps make, List<PostgresSchemaTable> tables, int session) {
        List<String> statements = new ArrayList<>();
        tables.forEach(t -> {
            statements.add(t.create());
            statements.addAll(t.indexes().values());
        });
        int constraints = tables.stream().mapToInt(t -> t.constraints().size()).sum();
        Map<String, Set<String>> indexes = names(tables, PostgresSchemaTable::indexes);
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
                                (wanted, seen) -> seen.indexes().keySet().containsAll(indexes.get(wanted.id()))),
                        PostgresSchemaSteps.CHANGE);
    }

    private static List<Entity> entities(List<PostgresSchemaTable> tables) {
        return tables.stream().map(PostgresSchemaTable::entity).toList();
    }

    /** What a condition asks for is told from the dictionary once, not each time that it looks. */
    private static Map<String, Set<String>> names(
            List<PostgresSchemaTable> tables, Function<PostgresSchemaTable, Map<String, String>> parts) {
        return tables.stream()
                .collect(Collectors.toMap(
                        t -> t.entity().id(), t -> Set.copyOf(parts.apply(t).keySet())));
    }

    private static int count(Map<String, Set<String>> names) {
        return names.values().stream().mapToInt(Set::size).sum();
    }

    private static String named(List<PostgresSchemaTable> tables) {
        return tables.size() == 1 ? "table " + tables.get(0).entity().id() : tables.size() + " tables " + span(tables);
    }

    private static String span(List<PostgresSchemaTable> tables) {
        String first = tables.get(0).entity().id();
        return tables.size() == 1
                ? first
                : first + " to " + tables.get(tables.size() - 1).entity().id();
    }

    private static String places(List<PostgresSchemaTable> tables) {
        String first = entities(tables).get(0).place().toString();
        return tables.size() == 1 ? first : first + " and below";
    }

    private Plan changes(PostgresSchemaSeen seen) {
        PostgresSchemaSteps make = steps(seen);
        PostgresSchemaFindings found = new PostgresSchemaFindings(allowed);
        for (Entity entity : dictionary.entities()) {
            Table table = seen.tables().get(entity.id());
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
            PostgresSchemaTable wanted = table(entity, seen);
            new PostgresSchemaColumns(wanted, table, make, found).compare();
            new PostgresSchemaParts(wanted, table, make, found).compare();
        }
        return found.plan();
    }

    /** All tables are there by now; of one that is not seen yet, all references are to be added. */
    private Plan references(PostgresSchemaSeen seen) {
        PostgresSchemaSteps make = steps(seen);
        PostgresSchemaFindings found = new PostgresSchemaFindings(allowed);
        List<PostgresSchemaTable> bare = new ArrayList<>();
        for (Entity entity : dictionary.entities()) {
            PostgresSchemaTable wanted = table(entity, seen);
            Table table = seen.tables().get(entity.id());
            boolean isBare = table == null
                    || table.empty()
                            && table.constraints().values().stream()
                                    .noneMatch(p -> p.more().equals("f"));
            if (!isBare) {
                new PostgresSchemaParts(wanted, table, make, found).compareReferences();
            } else if (!wanted.references().isEmpty()) {
                bare.add(wanted);
            }
        }
        together(bare, REFERENCES_AT_ONCE).forEach(tables -> found.step(newReferences(make, tables)));
        return found.plan();
    }

    /** A table without rows gets all its references in one change. */
    private static Step newReferences(PostgresSchemaSteps make, List<PostgresSchemaTable> tables) {
        List<String> statements = new ArrayList<>();
        tables.forEach(t -> t.references()
                .forEach(
                        (n, d) -> statements.add("ALTER TABLE " + t.table() + " ADD CONSTRAINT " + name(n) + " " + d)));
        Map<String, Set<String>> names = names(tables, PostgresSchemaTable::references);
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
                                (wanted, seen) -> seen.constraints().keySet().containsAll(names.get(wanted.id()))),
                        PostgresSchemaSteps.CHANGE);
    }

    /** The cluster's application users read and write what the dictionary makes, and nothing else. */
    private Plan grants(PostgresSchemaSeen seen) {
        PostgresSchemaSteps make = steps(seen);
        List<Step> steps = new ArrayList<>();
        for (String domain : dictionary.domains()) {
            for (PostgresCluster.User user : cluster.users()) {
                String both = domain + "/" + user.name();
                if (!seen.granted().contains(both)) {
                    steps.add(make.step(
                                    "let " + user.name() + " read and write " + domain,
                                    "seen: " + user.name() + " may not use all tables of " + domain
                                            + "; wanted: every user of the cluster may")
                            .type(make.change(grant(name(domain), name(user.name()))))
                            .until(
                                    make.untilSeen(
                                            "the grants are there",
                                            s -> s.granted().contains(both)),
                                    PostgresSchemaSteps.CHANGE));
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
