-- An invariant that a drill file names, asked on the final primary without changing anything.
START TRANSACTION READ ONLY;
:[statement];
ROLLBACK
