-- Whether only PgBouncer can look up passwords in this database, with the expected function; changes nothing.
-- schema, role (that looks up), owner (of the function, with its privileges), body (of the function)
SELECT EXISTS (
  SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.rolname = :'role'
   WHERE n.nspname = :'schema' AND p.proname = 'get_auth' AND p.prosecdef AND p.prosrc = :'body'
     AND p.proconfig = ARRAY['search_path=pg_catalog'] AND pg_get_userbyid(p.proowner) = :'owner'
     AND has_schema_privilege(r.oid, n.oid, 'USAGE') AND has_function_privilege(r.oid, p.oid, 'EXECUTE')
     AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee NOT IN (p.proowner, r.oid))
     AND p.proacl IS NOT NULL) AS may
