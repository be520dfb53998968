-- The present time of the server's clock in microseconds, as in commit timestamps; changes nothing.
SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now
