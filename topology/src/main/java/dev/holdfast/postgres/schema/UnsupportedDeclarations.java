package dev.holdfast.postgres.schema;

import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Index;
import java.util.ArrayList;
import java.util.List;

/** The declarations of a dictionary that PostgreSQL cannot implement. */
final class UnsupportedDeclarations {

    private UnsupportedDeclarations() {}

    /** Returns one note per kind of such declarations, with their places. */
    static List<String> notes(Dictionary dictionary) {
        List<String> ttl = new ArrayList<>();
        List<String> hidden = new ArrayList<>();
        List<String> promised = new ArrayList<>();
        for (Entity entity : dictionary.entities()) {
            entity.indexes().forEach(i -> {
                i.after().ifPresent(a -> ttl.add(entity.id() + "." + i.fields().get(0)));
                if (i.hidden() || i.fields().contains(Index.EVERYTHING)) {
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
        lack(lacks, "PostgreSQL has no foreign key for a reference to another engine: ", promised);
        return lacks;
    }

    private static void lack(List<String> lacks, String what, List<String> where) {
        if (!where.isEmpty()) {
            lacks.add(what + String.join(", ", where));
        }
    }
}
