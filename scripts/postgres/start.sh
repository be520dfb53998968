# Starts a server and waits until it accepts connections or exits, at most 30 s.
# directory, binaries
# service_unit and the other values of host/service-files.sh, where the host has services
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
[ -z "${service_unit:-}" ] || service_write "$directory"
if service_of "$directory"; then
  # the options as words: $least is a list of "-c name=number"
  # shellcheck disable=SC2086 # several words
  service_program "$directory" "$binaries/postgres" "$(printf '%s\n' -c "config_file=$directory/conf/postgresql.conf" $least)"
  service_allow "$directory"
fi
unset PGOPTIONS # a server does not keep it
began=$(mktemp)
own=$(mktemp)
trap 'rm -f -- "$began" "$own"' EXIT
# through_unit: starts the unit, and waits as pg_ctl does for what the server writes into its pid file
through_unit() {
  service_start || return 1
  tries=300
  while [ "$tries" -gt 0 ]; do
    tries=$((tries - 1))
    look_at "$data/postmaster.pid" "$directory"
    if [ "$process" = up ]; then
      case $(sed -n 8p "$data/postmaster.pid" 2>/dev/null || true) in ready* | standby*) return 0 ;; esac
    fi
    service_runs || return 1
    sleep 0.1
  done
  return 1
}
if service_of "$directory"; then
  ! through_unit >"$own" 2>&1 || exit 0
elif as "$user" "$binaries/pg_ctl" -D "$data" -o "-c config_file='$quoted'$least" -l "$log" -s -w -t 30 start \
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
