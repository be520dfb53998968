-- An invariant from a drill file, queried on the final primary; changes nothing.
START TRANSACTION READ ONLY;
:[statement];
ROLLBACK
