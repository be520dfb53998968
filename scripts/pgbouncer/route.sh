# Sends the clients of a PgBouncer to one server, and lets those that wait go on.
# directory, databases (their names, one a line), endpoint (address:port of the server), routes (what is to be in databases.ini)
alone 30
put databases.ini 644 "$(id -un)" "$routes"
# what was disabled or paused, one by one or as a whole, goes on; where it was not, the console only says so
set -- RESUME
while IFS= read -r database; do set -- "$@" "ENABLE \"$database\"" "RESUME \"$database\""; done <<END
$databases
END
state=$(show_pooler pooler "$directory" 5 RELOAD "$@" 9>&-) || fail "the console of $directory does not answer"

reached=${endpoint%:*}
case $reached in *[!0-9.]*) reached=$(getent ahostsv4 "$reached" 2>/dev/null | awk 'NR==1{print $1}') ;; esac
elsewhere() { # the databases of connections that still lead to another server
  printf '%s\n' "$state" | awk -F"$tab" -v here="$endpoint" -v too="$reached:${endpoint##*:}" \
    '$1 == "link" && $4 != here && $4 != too {print $3}' | sort -u
}
# such a connection is not used again; a transaction there has a moment to end, then the sessions of its database are ended
tries=10
while [ -n "$(elsewhere)" ] && [ "$tries" -gt 0 ]; do
  tries=$((tries - 1))
  sleep 0.2
  state=$(show_pooler pooler "$directory" 5 9>&-) || fail "the console of $directory does not answer"
done
for database in $(elsewhere); do console "$directory" 5 "KILL \"$database\"" "RESUME \"$database\"" >/dev/null 9>&- || true; done
