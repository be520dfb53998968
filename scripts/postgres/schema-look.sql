-- All objects of some schemas that a dictionary can declare, one per row; only the named tables, if any are named.
WITH t AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT c.relispartition
    AND n.nspname = ANY (string_to_array(:'schemas', ','))
    AND (:'tables' = '' OR c.relname = ANY (string_to_array(:'tables', ',')))
)
SELECT 'schema' AS kind, nspname AS schema, '' AS "table", '' AS name, '' AS definition, true AS flag, '' AS more
FROM pg_namespace WHERE nspname = ANY (string_to_array(:'schemas', ','))
UNION ALL
SELECT 'extension', '', '', extname, extversion, true, '' FROM pg_extension
UNION ALL
SELECT 'grant', n.nspname, '', r.rolname, '',
  has_schema_privilege(r.oid, n.oid, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p')
      AND NOT (has_table_privilege(r.oid, c.oid, 'SELECT') AND has_table_privilege(r.oid, c.oid, 'INSERT')
        AND has_table_privilege(r.oid, c.oid, 'UPDATE') AND has_table_privilege(r.oid, c.oid, 'DELETE'))), ''
FROM pg_namespace n CROSS JOIN pg_roles r
WHERE :'tables' = '' AND n.nspname = ANY (string_to_array(:'schemas', ',')) AND r.rolname = ANY (string_to_array(:'users', ','))
UNION ALL
SELECT 'table', nspname, relname, '', relkind::text,
  CASE relkind WHEN 'p' THEN NOT EXISTS (SELECT FROM pg_partition_tree(oid) p WHERE p.isleaf AND pg_relation_size(p.relid) > 0)
    ELSE pg_relation_size(oid) = 0 END, ''
FROM t
UNION ALL
SELECT 'partition', t.nspname, t.relname, l.relname, format('%I.%I', n.nspname, l.relname), true, ''
FROM t CROSS JOIN LATERAL pg_partition_tree(t.oid) p JOIN pg_class l ON l.oid = p.relid JOIN pg_namespace n ON n.oid = l.relnamespace
WHERE t.relkind = 'p' AND p.isleaf AND l.relkind = 'r'
UNION ALL
-- what makes PostgreSQL refuse another type of a column: views, rules, triggers, policies, functions, generated columns, publications
SELECT DISTINCT 'user', t.nspname, t.relname, a.attname,
  CASE WHEN v.relkind IN ('v', 'm') THEN 'the view ' || format('%I.%I', n.nspname, v.relname)
    ELSE 'the ' || pg_describe_object(d.classid, d.objid, d.objsubid) END, true, ''
FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid AND d.refobjsubid = a.attnum
LEFT JOIN pg_attrdef g ON d.classid = 'pg_attrdef'::regclass AND g.oid = d.objid
LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
LEFT JOIN pg_class v ON v.oid = w.ev_class LEFT JOIN pg_namespace n ON n.oid = v.relnamespace
WHERE d.classid = ANY (ARRAY['pg_rewrite', 'pg_trigger', 'pg_policy', 'pg_proc', 'pg_publication_rel']::regclass[])
  OR g.adrelid = t.oid AND g.adnum <> a.attnum
UNION ALL
SELECT 'user', t.nspname, t.relname, a.attname, 'the partition key of the table', true, ''
FROM t JOIN pg_partitioned_table k ON k.partrelid = t.oid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (k.partattrs)
UNION ALL
SELECT 'column', t.nspname, t.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
  CASE WHEN a.attidentity <> '' THEN 'identity' ELSE coalesce(pg_get_expr(d.adbin, d.adrelid), '') END
FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
UNION ALL
SELECT 'constraint', t.nspname, t.relname, c.conname, pg_get_constraintdef(c.oid), c.convalidated, c.contype::text
FROM t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype IN ('p', 'u', 'f', 'c', 'x')
UNION ALL
SELECT 'index', t.nspname, t.relname, i.relname, pg_get_indexdef(i.oid), x.indisvalid AND x.indisready,
  CASE WHEN EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid AND c.conrelid = t.oid) THEN 'constraint'
       WHEN EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.oid) THEN 'building'
       ELSE '' END
FROM t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
ORDER BY 1, 2, 3, 4
