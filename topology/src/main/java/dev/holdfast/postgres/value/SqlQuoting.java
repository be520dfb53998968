package dev.holdfast.postgres.value;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** SQL quoting of names and texts: no character in them can end the quotation. */
public final class SqlQuoting {

    /** Reserved words of PostgreSQL 14 to 18 in places of names. */
    private static final Set<String> RESERVED =
            Set.of(("all analyse analyze and any array as asc asymmetric authorization "
                            + "between bigint binary bit boolean both case cast char character check coalesce collate collation "
                            + "column concurrently constraint create cross current_catalog current_date current_role "
                            + "current_schema current_time current_timestamp current_user dec decimal default deferrable desc "
                            + "distinct do else end except exists extract false fetch float for foreign freeze from full grant "
                            + "greatest group grouping having ilike in initially inner inout int integer intersect interval into "
                            + "is isnull join json json_array json_arrayagg json_exists json_object json_objectagg json_query "
                            + "json_scalar json_serialize json_table json_value lateral leading least left like limit localtime "
                            + "localtimestamp merge_action national natural nchar none normalize not notnull null nullif numeric "
                            + "offset on only or order out outer overlaps overlay placing position precision primary real "
                            + "references returning right row select session_user setof similar smallint some substring "
                            + "symmetric system_user table tablesample then time timestamp to trailing treat trim true union "
                            + "unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat "
                            + "xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable")
                    .split(" "));

    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

    private SqlQuoting() {}

    public static String name(String name) {
        refuseNul(name);
        boolean plain = PLAIN.matcher(name).matches() && !RESERVED.contains(name);
        return plain ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }

    public static String names(List<String> names) {
        return names.stream().map(SqlQuoting::name).collect(Collectors.joining(", "));
    }

    /** Quotes a text; a backslash is a plain character, because every change sets standard_conforming_strings=on. */
    public static String text(String text) {
        refuseNul(text);
        return "'" + text.replace("'", "''") + "'";
    }

    private static void refuseNul(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("SQL text cannot contain a NUL character");
        }
    }
}
