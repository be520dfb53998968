-- Promotes a standby; does not wait, because the step's condition checks the result.
SELECT pg_promote(false)
