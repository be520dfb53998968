package dev.holdfast.cli.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * One type, option or index kind of the dictionary, and what both engines must do with it.
 *
 * @param name what the table calls it
 * @param entity the keys of an entity but its key and the fields id and n; each entity is called after its place in the list
 * @param writes in this order, each into the same collection and table
 * @param reads what is found after the writes, by the field n
 * @param messages words of what validate says of it where both engines keep it
 */
record DictionaryCell(String name, String entity, List<Write> writes, List<Read> reads, List<String> messages) {

    /** Which engine accepts a write. */
    enum Accepted {
        BOTH,
        NEITHER,
        MONGODB,
        POSTGRESQL
    }

    /**
     * One document and one row.
     *
     * @param document the fields in MongoDB's extended JSON, without the braces
     * @param columns the columns of the row
     * @param values their values in SQL
     */
    record Write(String what, Accepted by, String document, String columns, String values) {}

    /**
     * One question to both.
     *
     * @param find a find command in MongoDB's extended JSON, without its collection
     * @param sql what follows FROM and the table
     */
    record Read(String what, String find, String sql, List<String> mongodb, List<String> postgresql) {}

    static DictionaryCell of(String name, String entity) {
        return new DictionaryCell(name, entity, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    DictionaryCell both(String what, String document, String columns, String values) {
        return write(what, Accepted.BOTH, document, columns, values);
    }

    DictionaryCell neither(String what, String document, String columns, String values) {
        return write(what, Accepted.NEITHER, document, columns, values);
    }

    DictionaryCell onlyMongo(String what, String document, String columns, String values) {
        return write(what, Accepted.MONGODB, document, columns, values);
    }

    DictionaryCell onlyPostgres(String what, String document, String columns, String values) {
        return write(what, Accepted.POSTGRESQL, document, columns, values);
    }

    private DictionaryCell write(String what, Accepted by, String document, String columns, String values) {
        writes.add(new Write(what, by, document, columns, values));
        return this;
    }

    /** Both find the same. */
    DictionaryCell finds(String what, String find, String sql, String... found) {
        return finds(what, find, sql, List.of(found), List.of(found));
    }

    DictionaryCell finds(String what, String find, String sql, List<String> mongodb, List<String> postgresql) {
        reads.add(new Read(what, find, sql, mongodb, postgresql));
        return this;
    }

    /** @param words of what validate says of it where both engines keep it */
    DictionaryCell withMessage(String words) {
        messages.add(words);
        return this;
    }

    /** Whether the engines do not do the same. */
    boolean differs() {
        return writes.stream().anyMatch(w -> w.by() == Accepted.MONGODB || w.by() == Accepted.POSTGRESQL)
                || reads.stream().anyMatch(r -> !r.mongodb().equals(r.postgresql()));
    }
}
