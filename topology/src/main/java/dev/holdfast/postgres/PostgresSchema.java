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
import java.util.Set;

/** From what a database's catalogue holds to what the dictionary says. */
final class PostgresSchema {

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

    private Plan tables(PostgresSchemaSeen seen) {
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
        for (Entity entity : dictionary.entities()) {
            if (!seen.tables().containsKey(entity.id())) {
                steps.add(create(make, table(entity, seen)));
            }
        }
        List<String> notes = new ArrayList<>(lacks());
        if (!seen.isKnown()) {
            notes.add("the catalogue of " + cluster.name()
                    + " does not answer yet: planned as if it were empty; what is " + "there by then is skipped");
        }
        seen.others().forEach(o -> notes.add(o + " is not in the dictionary; it is left alone"));
        return new Plan(steps, List.of(), notes);
    }

    private static Step create(PostgresSchemaSteps make, PostgresSchemaTable table) {
        List<String> statements = new ArrayList<>(List.of(table.create()));
        statements.addAll(table.indexes().values());
        Entity entity = table.entity();
        return make.step(
                        "create the table " + entity.id() + " with "
                                + table.constraints().size() + " constraints and "
                                + table.indexes().size() + " indexes",
                        "seen: no table " + entity.id() + "; wanted by " + entity.place())
                .type(make.change(String.join(";\n", statements)))
                .until(
                        make.until(
                                entity,
                                "the table is there with its indexes",
                                t -> t.indexes()
                                        .keySet()
                                        .containsAll(table.indexes().keySet())),
                        PostgresSchemaSteps.CHANGE);
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
        for (Entity entity : dictionary.entities()) {
            PostgresSchemaTable wanted = table(entity, seen);
            Table table = seen.tables().get(entity.id());
            if (table == null) {
                newReferences(make, wanted, found);
            } else if (table.empty()
                    && table.constraints().values().stream()
                            .noneMatch(p -> p.more().equals("f"))) {
                newReferences(make, wanted, found);
            } else {
                new PostgresSchemaParts(wanted, table, make, found).compareReferences();
            }
        }
        return found.plan();
    }

    /** A table without rows gets all its references in one change. */
    private static void newReferences(
            PostgresSchemaSteps make, PostgresSchemaTable wanted, PostgresSchemaFindings found) {
        if (wanted.references().isEmpty()) {
            return;
        }
        List<String> statements = new ArrayList<>();
        wanted.references()
                .forEach((n, d) ->
                        statements.add("ALTER TABLE " + wanted.table() + " ADD CONSTRAINT " + name(n) + " " + d));
        found.step(make.step(
                        "add the references of " + wanted.entity().id() + ": "
                                + String.join(", ", wanted.references().keySet()),
                        "seen: none; wanted by " + wanted.entity().place())
                .type(make.change(String.join(";\n", statements)))
                .until(
                        make.until(
                                wanted.entity(),
                                "the foreign keys are there",
                                t -> t.constraints()
                                        .keySet()
                                        .containsAll(wanted.references().keySet())),
                        PostgresSchemaSteps.CHANGE));
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
