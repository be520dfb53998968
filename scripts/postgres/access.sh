# Writes pg_hba.conf of a running server, and makes the server read it. No statement reaches a server that rejects every login.
# directory, access (desired contents of pg_hba.conf)
me=$(id -un)
put pg_hba.conf 644 "$me" "$access"
look_at "$directory/data/postmaster.pid" "$directory"
[ "$process" = up ] || fail "the server of $directory is not running"
kill -HUP "$pid"
