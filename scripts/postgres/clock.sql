-- The time of now by the server's own clock, to the microsecond, as commits are stamped; changes nothing.
SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now
