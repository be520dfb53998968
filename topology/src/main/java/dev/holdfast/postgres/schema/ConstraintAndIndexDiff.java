package dev.holdfast.postgres.schema;

import static dev.holdfast.postgres.value.SqlQuoting.name;

import dev.holdfast.execution.Action;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.schema.CatalogState.Part;
import dev.holdfast.postgres.schema.CatalogState.Table;
import dev.holdfast.schema.Index;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The differences in the constraints and indexes of an existing table. */
final class ConstraintAndIndexDiff {

    private final TableDefinition desired;
    private final Table table;
    private final SchemaSteps make;
    private final SchemaDiffResult found;

    ConstraintAndIndexDiff(TableDefinition desired, Table table, SchemaSteps make, SchemaDiffResult found) {
        this.desired = desired;
        this.table = table;
        this.make = make;
        this.found = found;
    }

    void compare() {
        desired.uniques().forEach(this::unique);
        desired.types().checks(desired.entity()).forEach(this::constraint);
        Map<String, String> definitions = desired.indexes();
        for (Index index : desired.entity().indexes()) {
            String definition = definitions.get(index.name());
            if (definition != null) {
                index(index, definition);
            }
        }
        new UndeclaredParts(desired, table).notes().forEach(found::note);
    }

    void compareReferences() {
        desired.references().forEach(this::constraint);
    }

    private void unique(String name, String definition) {
        Part observed = table.constraints().get(name);
        List<String> duplicates = table.duplicates().getOrDefault(name, List.of());
        if (observed != null) {
            replaced(name, definition, observed);
        } else if (!duplicates.isEmpty()) {
            refuse(name, definition, duplicates);
        } else if (table.empty() || table.isPartitioned()) {
            found.step(make.step("Add constraint " + name, missing(definition))
                    .type(make.change(
                            alter("ADD CONSTRAINT " + name(name) + " " + definition),
                            table.empty() ? SchemaSteps.CHANGE : SchemaSteps.BUILD))
                    .until(
                            make.until(desired.entity(), "the constraint exists", t -> has(t, name)),
                            SchemaSteps.CHANGE));
        } else {
            found.step(make.step("Build constraint " + name + " while the table is in use", missing(definition))
                    .type(promoted(name, definition))
                    .until(
                            make.until(desired.entity(), "the constraint exists", t -> has(t, name)),
                            SchemaSteps.CHANGE));
        }
    }

    private static boolean has(Table table, String constraint) {
        return table.constraints().containsKey(constraint);
    }

    /** Builds a unique index concurrently, then attaches it as the constraint. */
    private List<Action> promoted(String name, String definition) {
        boolean key = definition.startsWith("PRIMARY KEY");
        String columns = definition.substring(definition.indexOf('('));
        List<Action> actions = new ArrayList<>();
        Part left = table.indexes().get(name);
        if (left == null || !left.valid()) {
            if (left != null) {
                actions.add(make.concurrently(drop(name)));
            }
            actions.add(make.concurrently(
                    "CREATE UNIQUE INDEX CONCURRENTLY " + name(name) + " ON " + desired.table() + " " + columns));
        }
        actions.add(make.change(alter(
                "ADD CONSTRAINT " + name(name) + (key ? " PRIMARY KEY" : " UNIQUE") + " USING INDEX " + name(name))));
        return actions;
    }

    private void refuse(String name, String definition, List<String> duplicates) {
        found.refuse(new Refusal(
                desired.entity().id(),
                name + " " + definition + " cannot be built: " + String.join("; ", duplicates),
                "keep one row of each, then plan again; nothing was built"));
    }

    /** Adds the constraint without a check of existing rows, then validates it while clients continue to write. */
    private void constraint(String name, String definition) {
        Part observed = table.constraints().get(name);
        if (observed != null) {
            replaced(name, definition, observed);
            return;
        }
        String add = alter("ADD CONSTRAINT " + name(name) + " " + definition);
        List<Action> actions = isChecked(definition)
                ? List.of(make.change(add, SchemaSteps.BUILD))
                : List.of(
                        make.change(add + " NOT VALID"),
                        make.change(alter("VALIDATE CONSTRAINT " + name(name)), SchemaSteps.BUILD));
        found.step(make.step("Add constraint " + name, missing(definition))
                .type(actions)
                .until(
                        make.until(desired.entity(), "the constraint exists and is valid", t -> isValid(t, name)),
                        SchemaSteps.CHANGE));
    }

    /** Returns whether PostgreSQL adds it only with a check of all rows: a foreign key of a partitioned table. */
    private boolean isChecked(String definition) {
        return table.isPartitioned() && definition.startsWith("FOREIGN");
    }

    private void replaced(String name, String definition, Part observed) {
        if (!DefinitionEquality.alike(observed.definition(), definition)) {
            boolean wider = DefinitionEquality.isWider(observed.definition(), definition);
            String statement = alter("DROP CONSTRAINT " + name(name) + ", ADD CONSTRAINT " + name(name) + " "
                    + definition
                    + (definition.startsWith("CHECK") || definition.startsWith("FOREIGN") && !isChecked(definition)
                            ? " NOT VALID"
                            : ""));
            List<Action> actions = new ArrayList<>(List.of(make.change(statement)));
            if (statement.endsWith("NOT VALID")) {
                actions.add(make.change(alter("VALIDATE CONSTRAINT " + name(name)), SchemaSteps.BUILD));
            }
            Step.Builder step = make.step(
                            "Replace constraint " + name,
                            "observed: " + observed.definition() + "; desired: " + definition)
                    .type(actions);
            found.safeOr(
                    wider,
                    "replace-constraint:" + desired.entity().id() + "." + name,
                    "the constraint " + name + " is " + observed.definition() + ", desired: " + definition,
                    statement,
                    step,
                    make.until(
                            desired.entity(),
                            "the constraint is as declared",
                            t -> isValid(t, name)
                                    && DefinitionEquality.alike(
                                            t.constraints().get(name).definition(), definition)));
        } else if (!observed.valid()) {
            found.step(make.step("Validate constraint " + name, "observed: not validated; desired: valid")
                    .type(make.change(alter("VALIDATE CONSTRAINT " + name(name)), SchemaSteps.BUILD))
                    .until(
                            make.until(desired.entity(), "the constraint is valid", t -> isValid(t, name)),
                            SchemaSteps.CHANGE));
        }
    }

    private static boolean isValid(Table table, String constraint) {
        Part part = table.constraints().get(constraint);
        return part != null && part.valid();
    }

    private void index(Index index, String definition) {
        Part observed = table.indexes().get(index.name());
        List<String> duplicates = table.duplicates().getOrDefault(index.name(), List.of());
        if (observed == null && existsUnderOtherName(definition)) {
            return;
        }
        if (observed == null && !duplicates.isEmpty()) {
            refuse(index.name(), index.written(), duplicates);
        } else if (observed == null) {
            build(index, definition, false, missing(index.written()));
        } else if (observed.more().equals("building")) {
            found.note("the index " + index.name() + " of " + desired.entity().id()
                    + " is being built by another session");
        } else if (!DefinitionEquality.alike(observed.definition(), definition)) {
            rebuild(index, definition, observed);
        } else if (!observed.valid()) {
            build(index, definition, true, "observed: INVALID, from an unfinished build; desired: valid");
        }
    }

    /** Returns whether the same index exists under another name. */
    private boolean existsUnderOtherName(String definition) {
        return table.indexes().values().stream()
                .anyMatch(p -> p.valid() && DefinitionEquality.alikeUnnamed(p.definition(), definition));
    }

    private void build(Index index, String definition, boolean repaired, String because) {
        List<Action> actions = new ArrayList<>();
        if (table.empty() && !repaired) {
            actions.add(make.change(definition));
        } else {
            if (repaired) {
                actions.add(dropped(index.name()));
            }
            actions.addAll(concurrently(index, definition));
        }
        found.step(make.step(
                        (repaired ? "Rebuild" : "Build") + " the index " + index.name() + " " + index.written(),
                        because)
                .type(actions)
                .until(built(index.name(), definition), SchemaSteps.CHANGE));
    }

    /**
     * Builds an index while the table is in use. PostgreSQL does not do so on a partitioned table. There the index is built on
     * each partition; the index of the partitioned table then takes over the equal indexes of its partitions.
     */
    private List<Action> concurrently(Index index, String definition) {
        if (!table.isPartitioned()) {
            return List.of(make.concurrently(desired.index(index, "CONCURRENTLY")));
        }
        List<Action> actions = new ArrayList<>();
        if (!index.unique()) {
            table.partitions().forEach(p -> actions.add(make.concurrently(desired.indexOfPartition(index, p))));
        }
        actions.add(make.change(definition, SchemaSteps.BUILD));
        return actions;
    }

    private Action dropped(String index) {
        return table.isPartitioned()
                ? make.change("DROP INDEX IF EXISTS " + qualified(index))
                : make.concurrently(drop(index));
    }

    private dev.holdfast.plan.Condition built(String name, String definition) {
        return make.until(desired.entity(), "the index exists and is valid", t -> {
            Part part = t.indexes().get(name);
            return part != null && part.valid() && DefinitionEquality.alike(part.definition(), definition);
        });
    }

    private void rebuild(Index index, String definition, Part observed) {
        List<Action> actions = new ArrayList<>(List.of(dropped(index.name())));
        actions.addAll(concurrently(index, definition));
        Step.Builder step = make.step(
                        "Rebuild index " + index.name(),
                        "observed: " + observed.definition() + "; desired: " + definition)
                .type(actions);
        found.safeOr(
                false,
                "rebuild-index:" + desired.entity().id() + "." + index.name(),
                "the index " + index.name() + " is " + observed.definition() + ", desired: " + definition,
                drop(index.name()) + "; " + desired.index(index, "CONCURRENTLY"),
                step,
                built(index.name(), definition));
    }

    private String missing(String definition) {
        return "observed: none; desired by " + desired.entity().place() + ": " + definition;
    }

    private String drop(String index) {
        return "DROP INDEX CONCURRENTLY IF EXISTS " + qualified(index);
    }

    private String qualified(String index) {
        return name(desired.entity().domain()) + "." + name(index);
    }

    private String alter(String what) {
        return "ALTER TABLE " + desired.table() + " " + what;
    }
}
