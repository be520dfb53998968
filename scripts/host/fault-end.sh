# Ends servers; the revert starts them again with their earlier command line. Fails when it finds no server.
# verb: possible, inject, verify or revert; directories: the servers' directories, one per line
# how: kill (all processes at once, by SIGKILL) or stop (a normal shutdown of the first process)
each() { printf '%s\n' "$directories" | while read -r d; do "$1" "$d"; done; }

# on SIGTERM PostgreSQL waits for its last client; pg_ctl stop sends SIGINT
ask() {
  case $(cat "$2") in */postgres) kill -INT "$1" ;; *) kill -TERM "$1" ;; esac
}

end_all() {
  all=$(running_in "$1")
  first=$(printf '%s\n' "$all" | head -n 1)
  remember "$1" "$first" "$1/.killed"
  injected
  if [ "$how" = stop ]; then ask "$first" "$1/.killed.program"; return 0; fi
  left=20
  while [ -n "$all" ]; do
    [ $left -gt 0 ] || fail "processes in $1 do not end: $all"
    [ $left -gt 15 ] || sleep 0.1
    # shellcheck disable=SC2086 # several processes
    kill -KILL $all 2>/dev/null || true
    all=$(processes_in "$1")
    left=$((left - 1))
  done
}

gone() { all=$(processes_in "$1"); [ -z "$all" ] || exit 1; }

# a server that was fenced, or that another process has started, is left alone, and so is one of Patroni: without its Patroni, a former
# primary would be a second one
start_again() {
  [ -s "$1/.killed.words" ] || return 0
  all=$(processes_in "$1")
  if [ -z "$all" ] && service_of "$1"; then
    rm -f -- "$1/.killed.words" # with which the unit does not start
    service_allow "$1"
    service_start || true # of a fenced server it does nothing
  elif [ -z "$all" ] && [ ! -e "$1/holdfast.fenced" ] && [ ! -e "$1/fence" ] && [ ! -e "$1/conf/patroni.yml" ]; then
    user=$(cat "$1/.killed.user")
    program=$(cat "$1/.killed.program")
    pidfile=
    [ ! -e "$1/run/pid" ] || pidfile=$1/run/pid
    rm -f -- "$1/data/postmaster.pid" "$1/run/pgbouncer.pid" "$1/run"/.s.PGSQL.*.lock # which a zombie still locks
    cd /
    as "$user" xargs -0 -a "$1/.killed.words" setsid -f sh -c '
      [ -z "$1" ] || echo $$ >"$1"
      program=$2; shift 3; exec "$program" "$@" </dev/null >/dev/null 2>&1' again "$pidfile" "$program"
  fi
  rm -f -- "$1/.killed.user" "$1/.killed.program" "$1/.killed.words"
}

case $verb in
  possible) ;;
  inject) each end_all ;;
  verify) each gone ;;
  revert) each start_again ;;
esac
