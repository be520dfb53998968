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

# pooler_tables DIRECTORY SECONDS COMMAND...: the tables of a PgBouncer's state; runs the commands first
pooler_tables() {
  folder=$1 seconds=$2
  shift 2
  console "$folder" "$seconds" "$@" 'SHOW DATABASES' 'SHOW SERVERS' 'SHOW VERSION'
}

# For programs in awk that read those tables: table is the name of the first column, and at[NAME] the number of a column.
awk_tables='
  ($1 == "name" && $2 == "host") || ($1 == "type" && $2 == "user") || ($1 == "key" && $2 == "value") {
    table = $1
    for (i = 1; i <= NF; i++) at[$i] = i
    next
  }
  $1 == "version" && NF == 1 {table = "version"; next}
'

# show_pooler ID DIRECTORY SECONDS COMMAND...: records of a PgBouncer; runs the commands first; fails without an answer in that time
#   database-route id database endpoint state   state: open, paused or disabled
#   restart-route id database endpoint          the route after a restart, from databases.ini
#   connection id database endpoint pid         a server connection, and the server process
#   setting id name value                       a running setting, when SHOW CONFIG is among the commands
#   version version
show_pooler() {
  of=$1
  shift
  tables=$(pooler_tables "$@") || return 1
  tables=$(printf '%s\n' "$tables" | ID=$of INI=$1/conf/databases.ini awk -F"$tab" "$awk_records$awk_tables"'
    BEGIN {
      id = ENVIRON["ID"]
      while ((getline line <ENVIRON["INI"]) > 0)
        if (line ~ /^[^ ]* = host=[^ ]* port=[0-9]*$/) {
          split(line, part, " ")
          record("restart-route", "id", id, "database", part[1], "endpoint", substr(part[3], 6) ":" substr(part[4], 6))
        }
    }
    table == "version" {sub(/[^0-9]*/, ""); record("version", "version", $0)}
    table == "name" && $1 != "pgbouncer" {
      record("database-route", "id", id, "database", $1, "endpoint", $at["host"] ":" $at["port"], \
        "state", $at["disabled"] > 0 ? "disabled" : $at["paused"] > 0 ? "paused" : "open")
    }
    table == "type" && $at["database"] != "pgbouncer" {
      record("connection", "id", id, "database", $at["database"], "endpoint", $at["addr"] ":" $at["port"], "pid", $at["remote_pid"])
    }
    table == "key" {record("setting", "id", id, "name", $1, "value", $2)}') || return 1
  add_records "$tables"
}
