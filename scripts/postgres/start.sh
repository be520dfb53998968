# Starts a server and waits until it accepts connections, ends, or 30 s have passed.
# directory, binaries
user=$(server_user postgres)
data=$directory/data
alone 60
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
reaped "$pid"
if alive "$pid" "$directory"; then exit 0; fi
[ ! -e "$directory/fence" ] || fail "it is fenced and not started: $(cat -- "$directory/fence")"

log=$directory/log/start.log
as "$user" truncate -s 0 -- "$log"
# A standby does not start with less than it has replayed of its primary, such as one that was down while settings went down
# everywhere: it gets that much on its command line, where the next look finds it.
least=
if [ -f "$data/standby.signal" ]; then
  least=$("$binaries/pg_controldata" "$data" | conf=$directory/conf/postgresql.conf awk '
    BEGIN {
      own["max_connections"] = 100; own["max_worker_processes"] = 8; own["max_wal_senders"] = 10
      own["max_prepared_transactions"] = 0; own["max_locks_per_transaction"] = 64
      while ((getline line <ENVIRON["conf"]) > 0)
        if (split(line, part, " = ") == 2 && part[1] in own) {gsub(/[^0-9]/, "", part[2]); own[part[1]] = part[2]}
    }
    $2 == "setting:" {
      sub(/xact/, "transaction", $1)
      if ($1 in own && $3 + 0 > own[$1] + 0) printf " -c %s=%d", $1, $3
    }')
fi
quoted=$(printf '%s' "$directory/conf/postgresql.conf" | sed "s/'/'\\\\''/g")
if as "$user" "$binaries/pg_ctl" -D "$data" -o "-c config_file='$quoted'$least" -l "$log" -s -w -t 30 start \
  >/dev/null 2>&1 </dev/null 9>&-
then exit 0
fi
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
if alive "$pid" "$directory"; then exit 0; fi
said() { grep -E 'FATAL|PANIC|ERROR|HINT' | grep -v 'Future log output' | tail -n 3; }
reason=$(said <"$log" || true)
newest=$(ls -t "$directory"/log/postgresql-*.log 2>/dev/null | head -n 1)
[ -n "$reason" ] || [ -z "$newest" ] || reason=$(tail -n 30 -- "$newest" | said || true)
fail "the server did not start: ${reason:-see $directory/log}"
