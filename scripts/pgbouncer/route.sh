# Sends the clients of a PgBouncer to one server, and lets those that wait go on.
# directory, databases (their names, one a line), endpoint (address:port of the server), routes (what is to be in databases.ini)
exec 9>>"$directory/.lock"
flock -w 30 9 || fail "another script is still at work in $directory"
reached=${endpoint%:*}
case $reached in *[!0-9.]*) reached=$(getent ahostsv4 "$reached" 2>/dev/null | awk 'NR==1{print $1}') ;; esac
look() { state=$(show_pooler pooler "$directory" 3 9>&-) || fail "the console of $directory does not answer"; }
elsewhere() { # database|link STATE: the databases that are somewhere else in that state, or have a connection there
  printf '%s\n' "$state" | awk -F"$tab" -v kind="$1" -v in_state="$2" -v here="$endpoint" -v too="$reached:${endpoint##*:}" \
    '$1 == kind && $4 != here && $4 != too && (in_state == "" || $5 == in_state) {print $3}' | sort -u
}
look
# who is at another server waits from now on; transactions there have a moment to end
open=$(elsewhere database open)
for database in $open; do console "$directory" 2 "PAUSE \"$database\"" >/dev/null 9>&- || true; done
[ -z "$open" ] || look
put databases.ini 644 "$(id -un)" "$routes"
set -- RELOAD
# a transaction that still hangs at another server is ended, with the sessions of its database: they connect again
for database in $(elsewhere link ''); do set -- "$@" "KILL \"$database\""; done
# what was disabled or paused, one by one or as a whole, goes on; where it was not, the console only says so
while IFS= read -r database; do set -- "$@" "ENABLE \"$database\"" "RESUME \"$database\""; done <<END
$databases
END
said=$(console "$directory" 5 "$@" RESUME 'SHOW VERSION' 9>&-) || fail "the console of $directory does not answer: $said"
