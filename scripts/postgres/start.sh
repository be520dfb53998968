# Starts a server and waits until it accepts connections or exits, at most 30 s.
# directory, binaries
user=$(server_user postgres)
data=$directory/data
alone 60
reaped "$directory"
look_at "$data/postmaster.pid" "$directory"
[ "$process" != up ] || exit 0
[ "$process" != unknown ] || fail "$unseen"
[ ! -e "$directory/fence" ] || fail "the member is fenced and not started: $(cat -- "$directory/fence")"
! is_read_only "$data" || rm -f -- "$data/standby.signal"
# An abandoned promotion may have left a history file without entries (restore_command). A starting standby would take it for the
# history of its newest timeline, and exit.
if [ -f "$data/standby.signal" ]; then
  for file in "$data/pg_wal/"????????.history; do
    as "$user" grep -q '^[0-9]' -- "$file" 2>/dev/null || as "$user" rm -f -- "$file"
  done
fi

log=$directory/log/start.log
as "$user" truncate -s 0 -- "$log"
# A standby does not start with lower settings than it has replayed, for example when it was down while the settings were lowered. It
# gets the needed values on its command line, where the next probe finds them.
least=
[ ! -f "$data/standby.signal" ] || least=$(at_least "$binaries" "$directory")
quoted=$(printf '%s' "$directory/conf/postgresql.conf" | sed "s/'/'\\\\''/g")
unset PGOPTIONS # a server does not keep it
began=$(mktemp)
own=$(mktemp)
trap 'rm -f -- "$began" "$own"' EXIT
if as "$user" "$binaries/pg_ctl" -D "$data" -o "-c config_file='$quoted'$least" -l "$log" -s -w -t 30 start \
  >"$own" 2>&1 </dev/null 9>&-
then exit 0
fi
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
if alive "$pid" "$directory"; then exit 0; fi
said() { grep -E 'FATAL|PANIC|ERROR|HINT' | grep -v 'Future log output' | tail -n 3; }
reason=$(as "$user" cat -- "$log" | said || true)
newest=$(find "$directory/log" -name 'postgresql-*.log' -newer "$began" 2>/dev/null | sort | tail -n 1) # an older one has old reasons
[ -n "$reason" ] || [ -z "$newest" ] || reason=$(as "$user" tail -n 30 -- "$newest" | said || true)
[ -n "$reason" ] || reason=$(grep -E '^(pg_ctl|postgres|runuser): |: error: ' "$own" | grep -v 'could not start server' | tail -n 3 || true)
fail "the server did not start: ${reason:-see $directory/log}"
