# Routes the clients of a PgBouncer to one server, and resumes waiting clients.
# directory, databases (their names, one a line), endpoint (address:port of the server), routes (desired contents of databases.ini)
alone 30
put databases.ini 644 "$(id -un)" "$routes"
# enables and resumes all databases; where this is unnecessary, the console only reports it
set -- RESUME
while IFS= read -r database; do set -- "$@" "ENABLE \"$database\"" "RESUME \"$database\""; done <<END
$databases
END
state=$(pooler_tables "$directory" 5 RELOAD "$@" 9>&-) || fail "the console of $directory does not answer"

reached=${endpoint%:*}
case $reached in *[!0-9.]*) reached=$(getent ahostsv4 "$reached" 2>/dev/null | awk 'NR==1{print $1}') ;; esac
elsewhere() { # the databases of connections that still lead to another server
  printf '%s\n' "$state" | awk -F"$tab" -v here="$endpoint" -v too="$reached:${endpoint##*:}" "$awk_tables"'
    table == "type" && $at["database"] != "pgbouncer" {
      leads = $at["addr"] ":" $at["port"]
      if (leads != here && leads != too) print $at["database"]
    }' | sort -u
}
# PgBouncer does not reuse such a connection; its transaction gets a short time to end, then the sessions of its database end
tries=10
while [ -n "$(elsewhere)" ] && [ "$tries" -gt 0 ]; do
  tries=$((tries - 1))
  sleep 0.2
  state=$(pooler_tables "$directory" 5 9>&-) || fail "the console of $directory does not answer"
done
for database in $(elsewhere); do console "$directory" 5 "KILL \"$database\"" "RESUME \"$database\"" >/dev/null 9>&- || true; done
