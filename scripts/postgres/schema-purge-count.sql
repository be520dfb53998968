-- Whether anything is older than it may be.
SELECT EXISTS (SELECT FROM :"schema".:"table" WHERE :"column" < now() - make_interval(secs => (:'seconds')::float8)) AS expired
