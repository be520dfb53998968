-- A membership that is not declared.
-- A lost standby must not hold this up: it is committed here at once, and replicated when the standby is back.
SET synchronous_commit TO local;
REVOKE :"granted" FROM :"role";
RESET synchronous_commit
