# Makes a stopped server that ended where the new primary began a standby, and lets it start again.
# directory
user=$(server_user postgres)
data=$directory/data
alone 60
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
! alive "$pid" "$directory" || fail "the server runs"
: >"$data/postgresql.auto.conf"
as "$user" touch -- "$data/standby.signal"
sync -- "$data/standby.signal"
rm -f -- "$directory/fence"
