# What scripts about a PgBouncer share.

# userlist: what a PgBouncer's password file holds
# pooler (role name), password (its password)
userlist() {
  told=$password
  case $told in *'"'*) told=$(printf '%s' "$told" | sed 's/"/""/g') ;; esac
  printf '"%s" "%s"\n' "$pooler" "$told"
}

# console DIRECTORY SECONDS COMMAND...: what a PgBouncer answers on its console, tables with tabs between and a line of names first;
# fails when it does not answer within that time. The console lets in, by its socket, who the PgBouncer runs as.
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

# show_pooler ID DIRECTORY SECONDS COMMAND...: how a PgBouncer works, fields separated by a tab; other commands are said to it first
#   database ID NAME ENDPOINT STATE   where it sends a database's clients; STATE is open, paused or disabled
#   written ID NAME ENDPOINT          where it will after a restart, as databases.ini says
#   link ID NAME ENDPOINT PID         a connection that it holds to a server, and that server's process
#   setting ID NAME VALUE             how it works, when SHOW CONFIG is among the commands
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
