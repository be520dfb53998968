-- What an application's role may do by itself: come in. What else it may is by the roles it belongs to.
-- A lost standby must not hold this up: it is committed here at once, and replicated when the standby is back.
SET synchronous_commit TO local;
ALTER ROLE :"role" LOGIN NOREPLICATION NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
RESET synchronous_commit
