package dev.holdfast.postgres.schema;

import static dev.holdfast.postgres.value.SqlQuoting.name;

import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.schema.CatalogState.Column;
import dev.holdfast.postgres.schema.CatalogState.Table;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The differences in the columns of an existing table. */
final class ColumnDiff {

    private static final Pattern TEXT = Pattern.compile("character varying\\((\\d+)\\)");
    private static final Pattern NUMBER = Pattern.compile("numeric\\((\\d+),(\\d+)\\)");

    private final TableDefinition desired;
    private final Table table;
    private final SchemaSteps make;
    private final SchemaDiffResult found;

    ColumnDiff(TableDefinition desired, Table table, SchemaSteps make, SchemaDiffResult found) {
        this.desired = desired;
        this.table = table;
        this.make = make;
        this.found = found;
    }

    void compare() {
        for (Field field : desired.entity().fields()) {
            Column column = table.columns().get(field.name());
            if (column == null) {
                add(field);
            } else {
                type(field, column);
                optional(field, column);
                otherwise(field, column);
            }
        }
        table.columns().forEach((name, column) -> {
            if (desired.entity().field(name).isEmpty()) {
                unknown(name, column);
            }
        });
    }

    private void add(Field field) {
        boolean fillable = table.empty()
                || field.optional()
                || field.identity()
                || !field.otherwise().isEmpty();
        if (!fillable) {
            found.refuse(new Refusal(
                    desired.entity().id(),
                    "has rows, and the new field " + field.name() + " is not optional and has no default",
                    "give the field a default; or declare it optional, fill in values, then declare it required"));
            return;
        }
        found.step(make.step(
                        "Add column " + description(field), "observed: no such column; desired by " + field.place())
                .type(make.change(alter("ADD COLUMN " + desired.types().column(field))))
                .until(
                        make.until(
                                desired.entity(),
                                "the column exists",
                                t -> t.columns().containsKey(field.name())),
                        SchemaSteps.CHANGE));
    }

    private void type(Field field, Column column) {
        String type = desired.types().type(field.type());
        boolean point = field.type().is(FieldType.Kind.POINT)
                && (column.type().equals("point") || column.type().contains("geography"));
        if (point || column.type().equals(type)) {
            return;
        }
        String because = "observed: " + column.type() + "; desired: " + type;
        List<String> users = table.users().getOrDefault(field.name(), List.of());
        if (!users.isEmpty()) {
            found.refuse(new Refusal(
                    desired.entity().id(),
                    "PostgreSQL keeps the type of " + field.name() + " (" + because + "), because "
                            + String.join(", ", users) + (users.size() == 1 ? " uses it" : " use it"),
                    "drop what uses the column, apply the change, then create it again"));
            return;
        }
        String statement = alter(
                "ALTER COLUMN " + name(field.name()) + " TYPE " + type + " USING " + name(field.name()) + "::" + type);
        Step.Builder step = make.step("Change the type of " + description(field) + " to " + type, because)
                .type(make.change(statement, SchemaSteps.BUILD));
        found.safeOr(
                isWider(column.type(), type),
                "rewrite-column:" + desired.entity().id() + "." + field.name(),
                "the column " + description(field) + " has another type (" + because + ")",
                statement,
                step,
                make.until(
                        desired.entity(),
                        "the column is " + type,
                        t -> t.columns().get(field.name()).type().equals(type)));
    }

    /** Returns whether PostgreSQL makes the change without a table rewrite. */
    static boolean isWider(String observed, String desired) {
        Matcher was = TEXT.matcher(observed);
        Matcher will = TEXT.matcher(desired);
        if (was.matches()) {
            boolean longer = will.matches() && Integer.parseInt(will.group(1)) >= Integer.parseInt(was.group(1));
            return desired.equals("text") || longer;
        }
        Matcher digits = NUMBER.matcher(observed);
        Matcher more = NUMBER.matcher(desired);
        return digits.matches()
                && more.matches()
                && digits.group(2).equals(more.group(2))
                && Integer.parseInt(more.group(1)) >= Integer.parseInt(digits.group(1));
    }

    private void optional(Field field, Column column) {
        if (field.optional() == column.optional()) {
            return;
        }
        String quoted = name(field.name());
        String because = "observed: " + (column.optional() ? "may be null" : "not null") + "; desired: "
                + (field.optional() ? "optional" : "required");
        if (field.optional()) {
            found.step(make.step("Allow NULL in " + description(field), because)
                    .type(make.change(alter("ALTER COLUMN " + quoted + " DROP NOT NULL")))
                    .until(
                            make.until(
                                    desired.entity(),
                                    description(field) + " allows NULL",
                                    t -> t.columns().get(field.name()).optional()),
                            SchemaSteps.CHANGE));
            return;
        }
        String check = name("holdfast_" + Integer.toHexString(field.name().hashCode()) + "_given");
        List<String> statements = List.of(
                alter("ADD CONSTRAINT " + check + " CHECK (" + quoted + " IS NOT NULL) NOT VALID"),
                alter("VALIDATE CONSTRAINT " + check),
                alter("ALTER COLUMN " + quoted + " SET NOT NULL, DROP CONSTRAINT " + check));
        Step.Builder step = make.step("Require a value in " + description(field), because)
                .type(
                        make.change(statements.get(0)),
                        make.change(statements.get(1), SchemaSteps.BUILD),
                        make.change(statements.get(2)))
                .revert(make.change(alter("DROP CONSTRAINT IF EXISTS " + check)));
        found.safeOr(
                false,
                "require-column:" + desired.entity().id() + "." + field.name(),
                "the column " + description(field) + " may be null (" + because + ")",
                String.join("; ", statements),
                step,
                make.until(
                        desired.entity(),
                        description(field) + " does not allow NULL",
                        t -> !t.columns().get(field.name()).optional()));
    }

    private void otherwise(Field field, Column column) {
        String desiredDefault =
                field.identity() ? "identity" : desired.types().otherwise(field).orElse("");
        if (DefinitionEquality.alike(column.otherwise(), desiredDefault)) {
            return;
        }
        String because = "observed: " + description(column.otherwise()) + "; desired: " + description(desiredDefault);
        boolean identity = field.identity() || column.otherwise().equals("identity");
        String change = "ALTER COLUMN " + name(field.name())
                + (field.identity()
                        ? " ADD GENERATED BY DEFAULT AS IDENTITY"
                        : identity
                                ? " DROP IDENTITY"
                                : desiredDefault.isEmpty() ? " DROP DEFAULT" : " SET DEFAULT " + desiredDefault);
        Step.Builder step = make.step("Change the default of " + description(field), because)
                .type(make.change(alter(change)));
        found.safeOr(
                !identity,
                "change-identity:" + desired.entity().id() + "." + field.name(),
                "the column " + description(field) + " has another identity (" + because + ")",
                alter(change),
                step,
                make.until(
                        desired.entity(),
                        "the default is " + description(desiredDefault),
                        t -> DefinitionEquality.alike(
                                t.columns().get(field.name()).otherwise(), desiredDefault)));
    }

    private static String description(String otherwise) {
        return otherwise.isEmpty() ? "no default" : "default " + otherwise;
    }

    private void unknown(String column, Column observed) {
        String statement = alter("DROP COLUMN " + name(column));
        Step.Builder step = make.step(
                        "Drop column " + desired.entity().id() + "." + column,
                        "observed: " + observed.type() + "; desired: no such column")
                .type(make.change(statement));
        String blocks = observed.optional() || !observed.otherwise().isEmpty()
                ? ""
                : "; the column is required, so new rows are refused";
        found.safeOr(
                false,
                "drop-column:" + desired.entity().id() + "." + column,
                desired.entity().id() + " has the column " + column + " " + observed.type()
                        + ", which is not in the dictionary" + blocks,
                statement,
                step,
                make.until(
                        desired.entity(),
                        "the column does not exist",
                        t -> !t.columns().containsKey(column)));
    }

    private String alter(String what) {
        return "ALTER TABLE " + desired.table() + " " + what;
    }

    private String description(Field field) {
        return desired.entity().id() + "." + field.name();
    }
}
