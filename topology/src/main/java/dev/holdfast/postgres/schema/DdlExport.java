package dev.holdfast.postgres.schema;

import static dev.holdfast.postgres.value.SqlQuoting.name;

import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Index;

/** The export of the dictionary as DDL for psql: tables in the order of the files, references last. */
public final class DdlExport {

    private final Dictionary dictionary;
    private final StringBuilder out = new StringBuilder();

    public DdlExport(Dictionary dictionary) {
        this.dictionary = dictionary;
    }

    public String text(PostgresCluster cluster) {
        out.append("-- Made by: holdfast schema export ").append(cluster.name()).append('\n');
        out.append("-- Run with: psql -v ON_ERROR_STOP=1 -d ")
                .append(cluster.database())
                .append(" -f THIS-FILE\n");
        UnsupportedDeclarations.notes(dictionary)
                .forEach(l -> out.append("-- ").append(l).append('\n'));
        dictionary
                .domains()
                .forEach(d -> out.append("\nCREATE SCHEMA IF NOT EXISTS ")
                        .append(name(d))
                        .append(";\n"));
        dictionary.entities().forEach(this::table);
        out.append('\n');
        dictionary.entities().forEach(this::references);
        return out.toString();
    }

    private TableDefinition table(Entity entity, boolean postgis) {
        return new TableDefinition(entity, new TypeMapping(postgis), dictionary);
    }

    private void table(Entity entity) {
        TableDefinition table = table(entity, false);
        out.append('\n');
        if (!entity.about().isEmpty()) {
            out.append("-- ").append(entity.about()).append('\n');
        }
        out.append(table.create()).append(";\n");
        table.indexes().values().forEach(i -> out.append(i).append(";\n"));
        for (Index index : entity.indexes()) {
            index.after()
                    .ifPresent(a -> out.append("-- rows are deleted ")
                            .append(a.toDays())
                            .append(" days after ")
                            .append(index.fields().get(0))
                            .append(": holdfast schema purge\n"));
        }
    }

    private void references(Entity entity) {
        TableDefinition table = table(entity, false);
        table.references()
                .forEach((n, d) -> out.append("ALTER TABLE ")
                        .append(table.table())
                        .append(" ADD CONSTRAINT ")
                        .append(name(n))
                        .append("\n  ")
                        .append(d)
                        .append(";\n"));
    }
}
