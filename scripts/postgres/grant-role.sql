-- A membership that is declared.
-- A lost standby must not hold this up: it is committed here at once, and replicated when the standby is back.
SET synchronous_commit TO local;
GRANT :"granted" TO :"role";
RESET synchronous_commit
