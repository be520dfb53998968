-- Whether expired rows exist.
SELECT EXISTS (SELECT FROM :"schema".:"table" AS holdfast_row
  WHERE :"column" < now() - make_interval(secs => (:'seconds')::float8) AND to_jsonb(holdfast_row) @> (:'where')::jsonb) AS expired
