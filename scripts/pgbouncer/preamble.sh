# Functions for scripts about a PgBouncer.

# userlist: the desired contents of a PgBouncer's password file
# pooler (role name), password (its password)
userlist() {
  escaped=$password
  case $escaped in *'"'*) escaped=$(printf '%s' "$escaped" | sed 's/"/""/g') ;; esac
  printf '"%s" "%s"\n' "$pooler" "$escaped"
}

# console DIRECTORY SECONDS COMMAND...: the answer of PgBouncer on its console, as tables with tabs and a line of names first; fails
# without an answer within that time. Through its socket, the console accepts the user that PgBouncer runs as.
console() {
  folder=$1 seconds=$2
  shift 2
  port=$(sed -n 's/^listen_port = //p' -- "$folder/conf/pgbouncer.ini.written" 2>/dev/null)
  client=${newest_first%%:*}/psql
  [ -x "$client" ] || client=psql
  owner=$(stat -c %U -- "$folder/run" 2>/dev/null) || return 1
  for words in "$@"; do set -- "$@" -c "$words"; shift; done
  PGOPTIONS='' PGCONNECT_TIMEOUT=2 as "$owner" timeout "$seconds" \
    "$client" -X -q -A -F "$tab" -P footer=off -h "$folder/run" -p "$port" -U pgbouncer -d pgbouncer "$@" 2>&1 </dev/null
}

# show_pooler ID DIRECTORY SECONDS COMMAND...: the state of a PgBouncer, fields separated by a tab; runs the commands first
#   database ID NAME ENDPOINT STATE   the route of a database; STATE is open, paused or disabled
#   written ID NAME ENDPOINT          the route after a restart, from databases.ini
#   link ID NAME ENDPOINT PID         a server connection, and the server process
#   setting ID NAME VALUE             a running setting, when SHOW CONFIG is among the commands
#   version VERSION
show_pooler() {
  head=$tab$1$tab
  folder=$2 seconds=$3
  shift 3
  tables=$(console "$folder" "$seconds" "$@" 'SHOW DATABASES' 'SHOW SERVERS' 'SHOW VERSION') || return 1
  sed -n "s|^\([^ ]*\) = host=\([^ ]*\) port=\([0-9]*\)$|written$head\1$tab\2:\3|p" -- "$folder/conf/databases.ini" 2>/dev/null || true
  printf '%s\n' "$tables" | awk -F"$tab" -v OFS="$tab" -v head="$head" '
    ($1 == "name" && $2 == "host") || ($1 == "type" && $2 == "user") || ($1 == "key" && $2 == "value") {
      table = $1
      for (i = 1; i <= NF; i++) at[$i] = i
      next
    }
    $1 == "version" && NF == 1 {table = "version"; next}
    table == "version" {sub(/[^0-9]*/, ""); print "version", $0}
    table == "name" && $1 != "pgbouncer" {
      print "database" head $1, $at["host"] ":" $at["port"], ($at["disabled"] > 0 ? "disabled" : $at["paused"] > 0 ? "paused" : "open")
    }
    table == "type" && $at["database"] != "pgbouncer" {print "link" head $at["database"], $at["addr"] ":" $at["port"], $at["remote_pid"]}
    table == "key" {print "setting" head $1, $2}'
}
