package dev.holdfast.cli.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Every type, option and index kind of the dictionary; f, g are fields, n names a document and its row. */
final class DictionaryCells {

    private static final String BYTES = "f: {$binary: {base64: 'AAECAwQFBgcICQoLDA0ODw==', subType: '%s'}}";
    private static final String ID = "f: {$uuid: '00010203-0405-0607-0809-0a0b0c0d0e0f'}";
    private static final String SQL_ID = "'00010203-0405-0607-0809-0a0b0c0d0e0f'";

    private DictionaryCells() {}

    /** The name of the collection and table of one cell. */
    static String table(int number) {
        return String.format(Locale.ROOT, "c%02d", number);
    }

    /** The dictionary of all cells, as YAML: one entity per cell, in the domain {@code cells}. */
    static String dictionary() {
        StringBuilder all = new StringBuilder("""
                apiVersion: holdfast.dev/v1
                domain: cells
                entities:
                  target:
                    key: id
                    closed: true
                    fields: { id: uuid }
                """);
        List<DictionaryCell> cells = all();
        for (int i = 0; i < cells.size(); i++) {
            String entity = cells.get(i).entity().replaceFirst("fields: \\{", "fields: { id: uuid, n: \"text?\",");
            boolean isOpen = entity.contains("closed") || cells.get(i).name().contains("not declared");
            all.append("  ").append(table(i)).append(":\n    key: id\n    ");
            all.append(isOpen ? "" : "closed: true\n    ").append(entity).append('\n');
        }
        return all.toString();
    }

    static List<DictionaryCell> all() {
        List<DictionaryCell> all = new ArrayList<>();
        all.addAll(texts());
        all.addAll(numbers());
        all.addAll(others());
        all.addAll(lists());
        all.addAll(options());
        all.addAll(uniques());
        all.addAll(indexes());
        return all;
    }

    private static DictionaryCell field(String type) {
        return DictionaryCell.of(type, "fields: { f: \"" + type + "\" }")
                .neither("no value", "", "", "")
                .neither("null", "f: null", "f", "NULL");
    }

    private static List<DictionaryCell> texts() {
        return List.of(
                field("uuid")
                        .both("a UUID", ID, "f", SQL_ID)
                        .neither("a text", "f: 'no'", "f", "'no'")
                        .neither(
                                "5 bytes",
                                "f: {$binary: {base64: 'AAECAwQ=', subType: '00'}}",
                                "f",
                                "'\\x0001020304'::bytea")
                        .neither(
                                "16 bytes that are no UUID",
                                BYTES.formatted("00"),
                                "f",
                                "'\\x000102030405060708090a0b0c0d0e0f'::bytea"),
                field("text")
                        .both("a text", "f: 'some'", "f", "'some'")
                        .both("an empty text", "f: ''", "f", "''")
                        .both("a long text", "f: '" + "x".repeat(5000) + "'", "f", "repeat('x', 5000)")
                        .neither("a list", "f: ['a']", "f", "ARRAY['a']::int[]"),
                field("text(5)")
                        .both("5 characters", "f: 'äöüß€'", "f", "'äöüß€'")
                        .both("5 characters outside the basic plane", "f: '😀😀😀😀😀'", "f", "'😀😀😀😀😀'")
                        .both("blanks within the length", "f: 'a  '", "f", "'a  '")
                        .neither("6 characters", "f: 'abcdef'", "f", "'abcdef'")
                        .onlyPostgres("6 characters, the last a blank", "f: 'abcde '", "f", "'abcde '"),
                field("email")
                        .both("an address", "f: 'a@example.org'", "f", "'a@example.org'")
                        .both(
                                "254 characters",
                                "f: '" + "x".repeat(242) + "@example.org'",
                                "f",
                                "repeat('x', 242) || '@example.org'")
                        .neither(
                                "255 characters",
                                "f: '" + "x".repeat(243) + "@example.org'",
                                "f",
                                "repeat('x', 243) || '@example.org'")
                        .neither("no @", "f: 'example.org'", "f", "'example.org'")
                        .neither("two @", "f: 'a@b@c'", "f", "'a@b@c'")
                        .neither("a blank", "f: 'a b@c'", "f", "'a b@c'")
                        .neither("a line end", "f: 'a@b\\n'", "f", "E'a@b\\n'"),
                field("url")
                        .both("https", "f: 'https://example.org/a?b=c'", "f", "'https://example.org/a?b=c'")
                        .both("http", "f: 'http://example.org'", "f", "'http://example.org'")
                        .neither("ftp", "f: 'ftp://example.org'", "f", "'ftp://example.org'")
                        .neither("a blank", "f: 'http://a b'", "f", "'http://a b'")
                        .neither("a line end", "f: 'http://a\\n'", "f", "E'http://a\\n'")
                        .neither("a line before", "f: 'x\\nhttp://a'", "f", "E'x\\nhttp://a'"),
                field("enum A|B")
                        .both("a word", "f: 'A'", "f", "'A'")
                        .neither("another word", "f: 'C'", "f", "'C'")
                        .neither("another case", "f: 'a'", "f", "'a'")
                        .neither("a blank behind", "f: 'A '", "f", "'A '"));
    }

    private static List<DictionaryCell> numbers() {
        return List.of(
                field("int")
                        .both("the greatest", "f: 2147483647", "f", "2147483647")
                        .both("the least", "f: -2147483648", "f", "-2147483648")
                        .both("sent as 64 bits", "f: {$numberLong: '7'}", "f", "7::bigint")
                        .neither("above", "f: {$numberLong: '2147483648'}", "f", "2147483648")
                        .neither("a text", "f: 'x'", "f", "'x'")
                        .onlyPostgres("a fraction", "f: {$numberDouble: '1.5'}", "f", "1.5::float8"),
                field("long")
                        .both("the greatest", "f: {$numberLong: '9223372036854775807'}", "f", "9223372036854775807")
                        .both("the least", "f: {$numberLong: '-9223372036854775808'}", "f", "-9223372036854775808")
                        .neither("above", "f: {$numberDecimal: '9223372036854775808'}", "f", "9223372036854775808")
                        .neither("a text", "f: 'x'", "f", "'x'")
                        .onlyPostgres("a fraction", "f: {$numberDouble: '1.5'}", "f", "1.5::float8"),
                field("number")
                        .both("a fraction", "f: 1.5", "f", "1.5")
                        .both("a whole number", "f: 3", "f", "3")
                        .both("NaN", "f: {$numberDouble: 'NaN'}", "f", "'NaN'")
                        .both("infinity", "f: {$numberDouble: 'Infinity'}", "f", "'Infinity'")
                        .neither("a text", "f: 'x'", "f", "'x'"),
                field("decimal(5,2)")
                        .both("the greatest", "f: {$numberDecimal: '999.99'}", "f", "999.99")
                        .both("the least", "f: {$numberDecimal: '-999.99'}", "f", "-999.99")
                        .both("fewer digits", "f: {$numberDecimal: '1'}", "f", "1")
                        .both("zeros behind", "f: {$numberDecimal: '1.500'}", "f", "1.500")
                        .neither("above", "f: {$numberDecimal: '1000'}", "f", "1000")
                        .neither("infinity", "f: {$numberDecimal: 'Infinity'}", "f", "'Infinity'")
                        .neither("NaN", "f: {$numberDecimal: 'NaN'}", "f", "'NaN'")
                        .neither("a text", "f: 'x'", "f", "'x'")
                        .onlyPostgres("a digit too many", "f: {$numberDecimal: '1.234'}", "f", "1.234"),
                field("money")
                        .both(
                                "four digits behind the point",
                                "f: {$numberDecimal: '123456789012345.6789'}",
                                "f",
                                "123456789012345.6789")
                        .neither("above", "f: {$numberDecimal: '1000000000000000'}", "f", "1000000000000000")
                        .onlyPostgres("a digit too many", "f: {$numberDecimal: '0.00001'}", "f", "0.00001"),
                DictionaryCell.of("from, to of an int", "fields: { f: { type: int, from: 1, to: 5 } }")
                        .both("the least", "f: 1", "f", "1")
                        .both("the greatest", "f: 5", "f", "5")
                        .neither("below", "f: 0", "f", "0")
                        .neither("above", "f: 6", "f", "6"),
                DictionaryCell.of("from, to of a number", "fields: { f: { type: number, from: 0.5, to: 1.5 } }")
                        .both("the least", "f: 0.5", "f", "0.5")
                        .both("the greatest", "f: 1.5", "f", "1.5")
                        .neither("below", "f: 0.4", "f", "0.4")
                        .neither("above", "f: 1.6", "f", "1.6")
                        .neither("NaN", "f: {$numberDouble: 'NaN'}", "f", "'NaN'"),
                DictionaryCell.of("from alone, of a number", "fields: { f: { type: number, from: 0 } }")
                        .both("the least", "f: 0", "f", "0")
                        .neither("below", "f: -0.1", "f", "-0.1")
                        .neither("NaN", "f: {$numberDouble: 'NaN'}", "f", "'NaN'"),
                DictionaryCell.of(
                                "from, to of a decimal, optional",
                                "fields: { f: { type: \"decimal(5,2)?\", from: 0.01, to: 99.5 } }")
                        .both("the least", "f: {$numberDecimal: '0.01'}", "f", "0.01")
                        .both("none", "", "", "")
                        .both("null", "f: null", "f", "NULL")
                        .neither("below", "f: {$numberDecimal: '0'}", "f", "0")
                        .neither("above", "f: {$numberDecimal: '99.51'}", "f", "99.51")
                        .neither("NaN", "f: {$numberDecimal: 'NaN'}", "f", "'NaN'"));
    }

    private static List<DictionaryCell> others() {
        return List.of(
                field("bool")
                        .both("true", "f: true", "f", "true")
                        .both("false", "f: false", "f", "false")
                        .neither("a text", "f: 'maybe'", "f", "'maybe'")
                        .neither("a number", "f: 1", "f", "1"),
                field("instant")
                        .withMessage("MongoDB keeps milliseconds, PostgreSQL microseconds")
                        .both("a moment", "f: {$date: '2026-01-02T03:04:05.678Z'}", "f", "'2026-01-02T03:04:05.678Z'")
                        .both("before 1970", "f: {$date: '1900-01-01T00:00:00Z'}", "f", "'1900-01-01T00:00:00Z'")
                        .neither("a text", "f: 'now and then'", "f", "'now and then'")
                        .neither("a number", "f: 1", "f", "1")
                        .finds(
                                "what comes back of .678901 s",
                                "{find: '%s', filter: {f: {$date: '2026-01-02T03:04:05.678Z'}}}",
                                "WHERE f = '2026-01-02T03:04:05.678Z'",
                                "a moment"),
                field("json")
                        .both("an object", "f: {a: 1, b: [1, 'x']}", "f", "'{\"a\": 1, \"b\": [1, \"x\"]}'")
                        .both("an empty object", "f: {}", "f", "'{}'")
                        .neither("a list", "f: [1]", "f", "'[1]'")
                        .neither("a text", "f: 'x'", "f", "'\"x\"'")
                        .neither("null inside JSON", "f: null", "f", "'null'"),
                field("point")
                        .both("a place", "f: {type: 'Point', coordinates: [3.06, 50.63]}", "f", "point(3.06, 50.63)")
                        .both("the corner", "f: {type: 'Point', coordinates: [-180, -90]}", "f", "point(-180, -90)")
                        .neither("too far east", "f: {type: 'Point', coordinates: [181, 0]}", "f", "point(181, 0)")
                        .neither("too far north", "f: {type: 'Point', coordinates: [0, 91]}", "f", "point(0, 91)")
                        .neither(
                                "NaN",
                                "f: {type: 'Point', coordinates: [{$numberDouble: 'NaN'}, 0]}",
                                "f",
                                "point('NaN', 0)")
                        .neither("one number", "f: {type: 'Point', coordinates: [1]}", "f", "'(1)'")
                        .neither(
                                "a line",
                                "f: {type: 'LineString', coordinates: [[0, 0], [1, 1]]}",
                                "f",
                                "'[(0,0),(1,1)]'"));
    }

    private static List<DictionaryCell> lists() {
        return List.of(
                field("list of text(3)")
                        .both("two", "f: ['abc', 'd']", "f", "ARRAY['abc', 'd']")
                        .both("none", "f: []", "f", "'{}'")
                        .neither("a long one", "f: ['abcd']", "f", "ARRAY['abcd']")
                        .neither("one text", "f: 'abc'", "f", "'abc'")
                        .neither("null among them", "f: ['a', null]", "f", "ARRAY['a', NULL]")
                        .neither("a list of lists", "f: [['a'], ['b']]", "f", "ARRAY[['a'], ['b']]"),
                field("list of int")
                        .both("two", "f: [1, 2]", "f", "ARRAY[1, 2]")
                        .neither("a text", "f: ['x']", "f", "'{x}'")
                        .neither("null among them", "f: [1, null]", "f", "ARRAY[1, NULL]")
                        .onlyPostgres("a fraction", "f: [1.5]", "f", "ARRAY[1.5::float8]"),
                field("list of decimal(5,2)")
                        .both("one", "f: [{$numberDecimal: '1.25'}]", "f", "ARRAY[1.25]")
                        .neither("above", "f: [{$numberDecimal: '1000'}]", "f", "ARRAY[1000]")
                        .neither("NaN", "f: [{$numberDecimal: 'NaN'}]", "f", "ARRAY['NaN'::numeric]")
                        .onlyPostgres("a digit too many", "f: [{$numberDecimal: '1.234'}]", "f", "ARRAY[1.234]"),
                field("list of enum A|B")
                        .both("two", "f: ['A', 'B']", "f", "ARRAY['A', 'B']")
                        .both("none", "f: []", "f", "'{}'")
                        .both("one twice", "f: ['A', 'A']", "f", "ARRAY['A', 'A']")
                        .neither("another word", "f: ['A', 'C']", "f", "ARRAY['A', 'C']")
                        .neither("null among them", "f: ['A', null]", "f", "ARRAY['A', NULL]"),
                field("list of email")
                        .both("two", "f: ['a@b', 'c,{d}@e']", "f", "ARRAY['a@b', 'c,{d}@e']")
                        .both("none", "f: []", "f", "'{}'")
                        .neither("no @", "f: ['a@b', 'cd']", "f", "ARRAY['a@b', 'cd']")
                        .neither("a blank", "f: ['a @b']", "f", "ARRAY['a @b']")
                        .neither("a line end", "f: ['a@b\\n']", "f", "ARRAY[E'a@b\\n']")
                        .neither("two in one", "f: ['a@b,c@d']", "f", "ARRAY['a@b,c@d']")
                        .neither("null among them", "f: ['a@b', null]", "f", "ARRAY['a@b', NULL]"),
                field("list of url")
                        .both("two", "f: ['http://a', 'https://b/,{}\"']", "f", "ARRAY['http://a', 'https://b/,{}\"']")
                        .neither("ftp", "f: ['ftp://a']", "f", "ARRAY['ftp://a']")
                        .neither("a blank", "f: ['http://a b']", "f", "ARRAY['http://a b']"),
                field("list of uuid")
                        .both("one", ID.replace("f: ", "f: [") + "]", "f", "ARRAY[" + SQL_ID + "::uuid]")
                        .neither("a text", "f: ['no']", "f", "ARRAY['no']")
                        .neither(
                                "16 bytes that are no UUID",
                                BYTES.formatted("00").replace("f: ", "f: [") + "]",
                                "f",
                                "ARRAY['\\x000102030405060708090a0b0c0d0e0f'::bytea]"),
                field("list of instant")
                        .both(
                                "one",
                                "f: [{$date: '2026-01-02T03:04:05Z'}]",
                                "f",
                                "ARRAY['2026-01-02T03:04:05Z'::timestamptz]")
                        .neither("a text", "f: ['then']", "f", "'{then}'"),
                field("list of bool")
                        .both("two", "f: [true, false]", "f", "ARRAY[true, false]")
                        .neither("a number", "f: [1]", "f", "ARRAY[1]"));
    }

    private static List<DictionaryCell> options() {
        return List.of(
                DictionaryCell.of("optional (?)", "fields: { f: \"text(3)?\", g: \"enum A|B?\" }")
                        .both("no value", "", "", "")
                        .both("null", "f: null, g: null", "f, g", "NULL, NULL")
                        .both("a value", "f: 'a', g: 'B'", "f, g", "'a', 'B'")
                        .neither("a wrong value", "f: 'abcd'", "f", "'abcd'")
                        .neither("a wrong word", "g: 'C'", "g", "'C'"),
                DictionaryCell.of("optional list", "fields: { f: \"list of text(3)?\" }")
                        .both("no value", "", "", "")
                        .both("null", "f: null", "f", "NULL")
                        .both("one", "f: ['a']", "f", "ARRAY['a']")
                        .neither("null among them", "f: [null]", "f", "ARRAY[NULL]::text[]"),
                DictionaryCell.of("default", "fields: { f: { type: int, default: 7 } }")
                        .both("a value", "f: 8", "f", "8")
                        .onlyPostgres("no value", "", "", "")
                        .neither("null", "f: null", "f", "NULL"),
                DictionaryCell.of("default, optional", "fields: { f: { type: \"int?\", default: 7 } }")
                        .both("no value", "", "", "")
                        .finds(
                                "who has 7",
                                "{find: '%s', filter: {f: 7}}",
                                "WHERE f = 7",
                                List.of(),
                                List.of("no value")),
                DictionaryCell.of("identity", "fields: { f: { type: long, identity: true } }")
                        .both("a value", "f: 8", "f", "8")
                        .onlyPostgres("no value", "", "", ""),
                DictionaryCell.of("a key that is not declared", "fields: { f: \"int?\" }")
                        .onlyMongo("one more", "g: 1", "g", "1"),
                DictionaryCell.of("closed: true", "closed: true\n    fields: { f: \"int?\" }")
                        .both("as declared", "f: 1", "f", "1")
                        .neither("one more", "g: 1", "g", "1"),
                DictionaryCell.of("validation: off", "validation: \"off\"\n    closed: true\n    fields: { f: int }")
                        .both("as declared", "f: 1", "f", "1")
                        .onlyMongo("a text", "f: 'x'", "f", "'x'"),
                DictionaryCell.of(
                                "validation: moderate",
                                "validation: moderate\n    closed: true\n    fields: { f: bool }")
                        .both("as declared", "f: true", "f", "true")
                        .neither("a text", "f: 'x'", "f", "'x'"),
                DictionaryCell.of("violation: warn", "violation: warn\n    closed: true\n    fields: { f: int }")
                        .both("as declared", "f: 1", "f", "1")
                        .onlyMongo("a text", "f: 'x'", "f", "'x'"),
                DictionaryCell.of("checks: f < g", "fields: { f: \"int?\", g: \"int?\" }\n    checks: { order: f < g }")
                        .both("less", "f: 1, g: 2", "f, g", "1, 2")
                        .both("one is missing", "f: 1", "f", "1")
                        .both("one is null", "f: 1, g: null", "f, g", "1, NULL")
                        .neither("equal", "f: 2, g: 2", "f, g", "2, 2")
                        .neither("more", "f: 3, g: 2", "f, g", "3, 2"),
                DictionaryCell.of(
                                "checks: f != g, of texts",
                                "fields: { f: text, g: text }\n    checks: { other: f != g }")
                        .both("another", "f: 'a', g: 'A'", "f, g", "'a', 'A'")
                        .neither("the same", "f: 'a', g: 'a'", "f, g", "'a', 'a'"),
                DictionaryCell.of(
                                "checks: f <= g, of texts",
                                "fields: { f: text, g: text }\n    checks: { order: f <= g }")
                        .both("capitals first", "f: 'B', g: 'a'", "f, g", "'B', 'a'")
                        .both("umlauts last", "f: 'z', g: 'ä'", "f, g", "'z', 'ä'")
                        .neither("the other way", "f: 'a', g: 'B'", "f, g", "'a', 'B'"),
                DictionaryCell.of(
                                "checks: f or g", "fields: { f: \"int?\", g: \"text?\" }\n    checks: { any: f or g }")
                        .both("one", "f: 1", "f", "1")
                        .both("both", "f: 1, g: 'x'", "f, g", "1, 'x'")
                        .neither("none", "", "", "")
                        .neither("nulls", "f: null, g: null", "f, g", "NULL, NULL"),
                DictionaryCell.of("-> another entity", "fields: { f: \"-> target?\" }")
                        .both("none", "", "", "")
                        .onlyMongo("one that is not there", ID, "f", SQL_ID)
                        .neither("a text", "f: 'no'", "f", "'no'"));
    }

    private static List<DictionaryCell> uniques() {
        return List.of(
                DictionaryCell.of("key", "fields: { f: int }")
                        .both(
                                "one",
                                "id: {$uuid: '00010203-0405-0607-0809-0a0b0c0d0e0f'}, f: 1",
                                "id, f",
                                SQL_ID + ", 1")
                        .neither(
                                "the same again",
                                "id: {$uuid: '00010203-0405-0607-0809-0a0b0c0d0e0f'}, f: 2",
                                "id, f",
                                SQL_ID + ", 2")
                        .neither("no key", "id: null, f: 1", "id, f", "NULL, 1"),
                DictionaryCell.of("unique", "fields: { f: text(9) }\n    unique: [ f ]")
                        .both("one", "f: 'a'", "f", "'a'")
                        .both("another case", "f: 'A'", "f", "'A'")
                        .both("a blank behind", "f: 'a '", "f", "'a '")
                        .neither("the same", "f: 'a'", "f", "'a'"),
                DictionaryCell.of("unique, of a number", "fields: { f: number }\n    unique: [ f ]")
                        .both("one", "f: 1", "f", "1")
                        .neither("the same with a point", "f: 1.0", "f", "1.0")
                        .both("zero", "f: 0", "f", "0")
                        .neither("zero with a sign", "f: -0.0", "f", "'-0'")
                        .both("NaN", "f: {$numberDouble: 'NaN'}", "f", "'NaN'")
                        .neither("NaN again", "f: {$numberDouble: 'NaN'}", "f", "'NaN'"),
                DictionaryCell.of("unique, of a decimal", "fields: { f: \"decimal(5,2)\" }\n    unique: [ f ]")
                        .both("one", "f: {$numberDecimal: '1.5'}", "f", "1.5")
                        .neither("the same with a zero", "f: {$numberDecimal: '1.50'}", "f", "1.50"),
                DictionaryCell.of("unique and optional", "fields: { f: \"text(9)?\" }\n    unique: [ f ]")
                        .both("no value", "", "", "")
                        .both("no value again", "", "", "")
                        .both("null", "f: null", "f", "NULL")
                        .both("a value", "f: 'a'", "f", "'a'")
                        .both("an empty value", "f: ''", "f", "''")
                        .neither("an empty value again", "f: ''", "f", "''")
                        .neither("the same value", "f: 'a'", "f", "'a'"),
                DictionaryCell.of(
                                "unique and optional, of every other type",
                                "fields: { f: \"int?\", g: \"instant?\", h: \"uuid?\", i: \"bool?\", j: \"decimal(5,2)?\", k: \"number?\", l: \"enum A|B?\", m: \"long?\", o: \"email?\", p: \"url?\" }\n    unique: [ f, g, h, i, j, k, l, m, o, p ]")
                        .both("no value", "", "", "")
                        .both(
                                "nulls",
                                "f: null, g: null, h: null, i: null, j: null, k: null, l: null, m: null, o: null, p: null",
                                "f, g, h, i, j, k, l, m, o, p",
                                "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL")
                        .both(
                                "least values",
                                "f: -2147483648, g: {$date: '1900-01-01T00:00:00Z'}, h: {$uuid: '00000000-0000-0000-0000-000000000000'}, i: false, j: {$numberDecimal: '-999.99'}, k: -1.5e300, l: 'A', m: {$numberLong: '-9223372036854775808'}, o: 'a@b', p: 'http://a'",
                                "f, g, h, i, j, k, l, m, o, p",
                                "-2147483648, '1900-01-01T00:00:00Z', '00000000-0000-0000-0000-000000000000', false, -999.99, -1.5e300, 'A', -9223372036854775808, 'a@b', 'http://a'")
                        .neither("the same int", "f: -2147483648", "f", "-2147483648")
                        .neither(
                                "the same instant", "g: {$date: '1900-01-01T00:00:00Z'}", "g", "'1900-01-01T00:00:00Z'")
                        .neither(
                                "the same UUID",
                                "h: {$uuid: '00000000-0000-0000-0000-000000000000'}",
                                "h",
                                "'00000000-0000-0000-0000-000000000000'")
                        .neither("the same bool", "i: false", "i", "false")
                        .neither("the same decimal", "j: {$numberDecimal: '-999.99'}", "j", "-999.99")
                        .neither("the same number", "k: -1.5e300", "k", "-1.5e300")
                        .neither("the same word", "l: 'A'", "l", "'A'")
                        .neither(
                                "the same long",
                                "m: {$numberLong: '-9223372036854775808'}",
                                "m",
                                "-9223372036854775808")
                        .neither("the same address", "o: 'a@b'", "o", "'a@b'")
                        .neither("the same url", "p: 'http://a'", "p", "'http://a'"),
                DictionaryCell.of(
                                "unique and optional, of a number that is NaN",
                                "fields: { f: \"number?\" }\n    unique: [ f ]")
                        .both("NaN", "f: {$numberDouble: 'NaN'}", "f", "'NaN'")
                        .onlyMongo("NaN again", "f: {$numberDouble: 'NaN'}", "f", "'NaN'"),
                DictionaryCell.of(
                                "unique over two, one optional",
                                "fields: { f: int, g: \"int?\" }\n    unique: [ [ f, g ] ]")
                        .both("one", "f: 1, g: 1", "f, g", "1, 1")
                        .both("another", "f: 1, g: 2", "f, g", "1, 2")
                        .both("without", "f: 1", "f", "1")
                        .both("without again", "f: 1, g: null", "f, g", "1, NULL")
                        .neither("the same", "f: 1, g: 2", "f, g", "1, 2"),
                DictionaryCell.of(
                                "unique index, descending",
                                "fields: { f: int, g: \"int?\" }\n    indexes: [ { on: [ f, g desc ], unique: true } ]")
                        .both("one", "f: 1, g: 1", "f, g", "1, 1")
                        .both("without", "f: 1", "f", "1")
                        .both("without again", "f: 1", "f", "1")
                        .neither("the same", "f: 1, g: 1", "f, g", "1, 1"),
                DictionaryCell.of(
                                "unique index with where",
                                "fields: { f: int, g: \"enum OPEN|SHUT\" }\n    indexes: [ { on: f, unique: true, where: { g: OPEN } } ]")
                        .both("open", "f: 1, g: 'OPEN'", "f, g", "1, 'OPEN'")
                        .both("shut", "f: 1, g: 'SHUT'", "f, g", "1, 'SHUT'")
                        .both("shut again", "f: 1, g: 'SHUT'", "f, g", "1, 'SHUT'")
                        .neither("open again", "f: 1, g: 'OPEN'", "f, g", "1, 'OPEN'"),
                DictionaryCell.of(
                                "unique index with where on a UUID",
                                "fields: { f: int, g: uuid }\n    indexes: [ { on: f, unique: true, where: { g: 00010203-0405-0607-0809-0a0b0c0d0e0f } } ]")
                        .both(
                                "in it",
                                "f: 1, g: {$uuid: '00010203-0405-0607-0809-0a0b0c0d0e0f'}",
                                "f, g",
                                "1, " + SQL_ID)
                        .both(
                                "out of it",
                                "f: 1, g: {$uuid: '00010203-0405-0607-0809-0a0b0c0d0eff'}",
                                "f, g",
                                "1, '00010203-0405-0607-0809-0a0b0c0d0eff'")
                        .neither(
                                "in it again",
                                "f: 1, g: {$uuid: '00010203-0405-0607-0809-0a0b0c0d0e0f'}",
                                "f, g",
                                "1, " + SQL_ID),
                DictionaryCell.of(
                                "unique index with where on an optional bool and number",
                                "fields: { f: \"int?\", g: \"bool?\", h: \"decimal(5,2)?\" }\n    indexes: [ { on: f, unique: true, where: { g: true, h: 1.5 } } ]")
                        .both("in it", "f: 1, g: true, h: {$numberDecimal: '1.50'}", "f, g, h", "1, true, 1.50")
                        .both("out of it", "f: 1, g: true", "f, g", "1, true")
                        .both("out of it again", "f: 1, h: {$numberDecimal: '1.50'}", "f, h", "1, 1.50")
                        .both("without", "g: true, h: {$numberDecimal: '1.50'}", "g, h", "true, 1.50")
                        .both("without again", "g: true, h: {$numberDecimal: '1.50'}", "g, h", "true, 1.50")
                        .neither(
                                "in it again",
                                "f: 1, g: true, h: {$numberDecimal: '1.50'}",
                                "f, g, h",
                                "1, true, 1.50"),
                DictionaryCell.of(
                                "unique index, collation strength 2",
                                "fields: { f: text(9), g: \"text(9)?\" }\n    indexes: [ { on: f, unique: true, collation: { locale: en, strength: 2 } } ]")
                        .both("one", "f: 'Anna'", "f", "'Anna'")
                        .both("another accent", "f: 'Ännä'", "f", "'Ännä'")
                        .neither("another case", "f: 'ANNA'", "f", "'ANNA'")
                        .neither("another case with accents", "f: 'äNNÄ'", "f", "'äNNÄ'"),
                DictionaryCell.of(
                                "unique index, collation strength 2, optional",
                                "fields: { f: \"text(9)?\" }\n    indexes: [ { on: f, unique: true, collation: { locale: en, strength: 2 } } ]")
                        .both("none", "", "", "")
                        .both("none again", "", "", "")
                        .both("one", "f: 'a'", "f", "'a'")
                        .neither("another case", "f: 'A'", "f", "'A'"));
    }

    private static List<DictionaryCell> indexes() {
        return List.of(
                DictionaryCell.of(
                                "index [ f, g desc ]",
                                "fields: { f: \"text(9)?\", g: int }\n    indexes: [ [ f, g desc ] ]")
                        .both("b2", "f: 'b', g: 2", "f, g", "'b', 2")
                        .both("b3", "f: 'b', g: 3", "f, g", "'b', 3")
                        .both("B1", "f: 'B', g: 1", "f, g", "'B', 1")
                        .both("ä1", "f: 'ä', g: 1", "f, g", "'ä', 1")
                        .both("none", "g: 1", "g", "1")
                        .finds(
                                "the order",
                                "{find: '%s', filter: {f: {$ne: null}}, sort: {f: 1, g: -1}}",
                                "WHERE f IS NOT NULL ORDER BY f, g DESC",
                                "B1",
                                "b3",
                                "b2",
                                "ä1")
                        .finds(
                                "where null stands",
                                "{find: '%s', sort: {f: 1, g: -1}}",
                                "ORDER BY f, g DESC",
                                List.of("none", "B1", "b3", "b2", "ä1"),
                                List.of("B1", "b3", "b2", "ä1", "none")),
                DictionaryCell.of("index of a list", "fields: { f: list of text(9) }\n    indexes: [ f ]")
                        .both("one", "f: ['a', 'b']", "f", "ARRAY['a', 'b']")
                        .both("two", "f: ['b']", "f", "ARRAY['b']")
                        .both("three", "f: []", "f", "'{}'")
                        .finds(
                                "those with a",
                                "{find: '%s', filter: {f: 'a'}}",
                                "WHERE f @> ARRAY['a'::varchar]",
                                "one")
                        .finds(
                                "those with b",
                                "{find: '%s', filter: {f: 'b'}, sort: {n: 1}}",
                                "WHERE f @> ARRAY['b'::varchar] ORDER BY n",
                                "one",
                                "two"),
                DictionaryCell.of(
                                "index of a list and another field",
                                "fields: { f: list of text(9), g: int }\n    indexes: [ [ g, f ] ]")
                        .both("one", "f: ['a', 'b'], g: 1", "f, g", "ARRAY['a', 'b'], 1")
                        .finds(
                                "those with a",
                                "{find: '%s', filter: {g: 1, f: 'a'}}",
                                "WHERE g = 1 AND f @> ARRAY['a'::varchar]",
                                "one"),
                DictionaryCell.of(
                                "kind: text",
                                "fields: { f: text, g: \"text?\" }\n    indexes: [ { on: [ f, g ], kind: text } ]")
                        .both("one", "f: 'The quick fox', g: 'jumps'", "f, g", "'The quick fox', 'jumps'")
                        .both("two", "f: 'slow'", "f", "'slow'")
                        .finds(
                                "a word",
                                "{find: '%s', filter: {$text: {$search: 'FOX'}}}",
                                "WHERE to_tsvector('simple', COALESCE(f, '') || ' ' || COALESCE(g, '')) @@ plainto_tsquery('simple', 'FOX')",
                                "one")
                        .finds(
                                "a word of the other field",
                                "{find: '%s', filter: {$text: {$search: 'jumps'}}}",
                                "WHERE to_tsvector('simple', COALESCE(f, '') || ' ' || COALESCE(g, '')) @@ plainto_tsquery('simple', 'jumps')",
                                "one"),
                DictionaryCell.of(
                                "kind: text, language: french",
                                "fields: { f: text }\n    indexes: [ { on: f, kind: text, language: french } ]")
                        .both("one", "f: 'les enfants continuaient'", "f", "'les enfants continuaient'")
                        .finds(
                                "another form",
                                "{find: '%s', filter: {$text: {$search: 'continuer'}}}",
                                "WHERE to_tsvector('french', f) @@ plainto_tsquery('french', 'continuer')",
                                "one"),
                DictionaryCell.of("kind: geo", "fields: { f: \"point?\" }\n    indexes: [ { on: f, kind: geo } ]")
                        .both("Lille", "f: {type: 'Point', coordinates: [3.06, 50.63]}", "f", "point(3.06, 50.63)")
                        .both("Paris", "f: {type: 'Point', coordinates: [2.35, 48.86]}", "f", "point(2.35, 48.86)")
                        .both("nowhere", "", "", "")
                        .finds(
                                "within a box",
                                "{find: '%s', filter: {f: {$geoWithin: {$geometry: {type: 'Polygon', coordinates: [[[3, 50], [4, 50], [4, 51], [3, 51], [3, 50]]]}}}}}",
                                "WHERE f <@ box '(3,50),(4,51)'",
                                "Lille")
                        .finds(
                                "the nearest first",
                                "{find: '%s', filter: {f: {$near: {$geometry: {type: 'Point', coordinates: [2, 49]}}}}}",
                                "WHERE f IS NOT NULL ORDER BY f <-> point(2, 49)",
                                "Paris",
                                "Lille"),
                DictionaryCell.of(
                                "kind: ttl",
                                "fields: { f: \"instant?\" }\n    indexes: [ { on: f, kind: ttl, after: 1d } ]")
                        .withMessage("in PostgreSQL holdfast schema purge does")
                        .both("old", "f: {$date: '2020-01-01T00:00:00Z'}", "f", "'2020-01-01T00:00:00Z'")
                        .both("new", "f: {$date: '2199-01-01T00:00:00Z'}", "f", "'2199-01-01T00:00:00Z'")
                        .both("none", "", "", "")
                        .finds("what is left", "{find: '%s', sort: {n: 1}}", "ORDER BY n", "new", "none"),
                DictionaryCell.of(
                                "kind: ttl with where",
                                "fields: { f: instant, g: \"enum OPEN|SHUT?\", h: \"bool?\" }\n    indexes: [ { on: f, kind: ttl, after: 1d, where: { g: SHUT, h: true } } ]")
                        .withMessage("in PostgreSQL holdfast schema purge does")
                        .both(
                                "old and shut",
                                "f: {$date: '2020-01-01T00:00:00Z'}, g: 'SHUT', h: true",
                                "f, g, h",
                                "'2020-01-01T00:00:00Z', 'SHUT', true")
                        .both(
                                "old and open",
                                "f: {$date: '2020-01-01T00:00:00Z'}, g: 'OPEN', h: true",
                                "f, g, h",
                                "'2020-01-01T00:00:00Z', 'OPEN', true")
                        .both("old without", "f: {$date: '2020-01-01T00:00:00Z'}", "f", "'2020-01-01T00:00:00Z'")
                        .finds(
                                "what is left",
                                "{find: '%s', sort: {n: 1}}",
                                "ORDER BY n",
                                "old and open",
                                "old without"),
                DictionaryCell.of(
                                "kind: wildcard of json",
                                "fields: { f: json }\n    indexes: [ { on: f, kind: wildcard } ]")
                        .both("one", "f: {a: {b: 1}}", "f", "'{\"a\": {\"b\": 1}}'")
                        .both("two", "f: {a: 2}", "f", "'{\"a\": 2}'")
                        .finds(
                                "by a value below",
                                "{find: '%s', filter: {'f.a.b': 1}}",
                                "WHERE f @> '{\"a\": {\"b\": 1}}'",
                                "one"),
                DictionaryCell.of(
                                "kind: wildcard of everything",
                                "fields: { f: int }\n    indexes: [ { on: \"$**\", kind: wildcard } ]")
                        .withMessage("no hidden index and none over whole rows")
                        .both("one", "f: 1", "f", "1")
                        .finds("by a value", "{find: '%s', filter: {f: 1}}", "WHERE f = 1", "one"),
                DictionaryCell.of("hidden: true", "fields: { f: int }\n    indexes: [ { on: f, hidden: true } ]")
                        .withMessage("no hidden index and none over whole rows")
                        .both("one", "f: 1", "f", "1")
                        .finds("by a value", "{find: '%s', filter: {f: 1}}", "WHERE f = 1", "one"),
                DictionaryCell.of(
                                "index with where",
                                "fields: { f: int, g: bool }\n    indexes: [ { on: f, where: { g: true } } ]")
                        .both("one", "f: 1, g: true", "f, g", "1, true")
                        .both("two", "f: 1, g: false", "f, g", "1, false")
                        .finds(
                                "both are there",
                                "{find: '%s', filter: {f: 1}, sort: {n: 1}}",
                                "WHERE f = 1 ORDER BY n",
                                "one",
                                "two"),
                DictionaryCell.of(
                                "collation of strength 2",
                                "fields: { f: text(9) }\n    indexes: [ { on: f, collation: { locale: en, strength: 2 } } ]")
                        .both("Anna", "f: 'Anna'", "f", "'Anna'")
                        .both("anna", "f: 'anna'", "f", "'anna'")
                        .finds(
                                "whatever the case",
                                "{find: '%s', filter: {f: 'ANNA'}, sort: {n: 1}, collation: {locale: 'en', strength: 2}}",
                                "WHERE lower(f) = lower('ANNA') ORDER BY n",
                                "Anna",
                                "anna"));
    }
}
