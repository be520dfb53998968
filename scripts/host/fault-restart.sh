# Stops servers as an operator does, and starts each again with its earlier command line.
# verb: possible, inject, verify or revert; directories: the servers' directories, one per line
each() { printf '%s\n' "$directories" | while read -r d; do "$1" "$d"; done; }

restart() {
  all=$(running_in "$1")
  first=$(printf '%s\n' "$all" | head -n 1)
  remember "$1" "$first" "$1/.ended"
  printf '%s\n' "$first" >"$1/.ended.pid"
  # on SIGTERM PostgreSQL waits for its clients, on SIGINT it disconnects them
  signal=TERM
  case $(cat "$1/.ended.program") in */postgres) signal=INT ;; esac
  injected
  kill -$signal "$first"
  left=300
  while all=$(processes_in "$1"); [ -n "$all" ] && [ $left -gt 0 ]; do sleep 0.1; left=$((left - 1)); done
  start_again "$1"
}

again() {
  all=$(processes_in "$1")
  first=$(printf '%s\n' "$all" | head -n 1)
  [ -n "$first" ] && [ "$first" != "$(cat "$1/.ended.pid" 2>/dev/null)" ] || exit 1
}

# a server that was fenced, or that another process has started, is left alone
start_again() {
  [ -s "$1/.ended.words" ] || return 0
  all=$(processes_in "$1")
  if [ -z "$all" ] && service_of "$1"; then
    service_allow "$1"
    service_start || true # of a fenced server it does nothing
  elif [ -z "$all" ] && [ ! -e "$1/holdfast.fenced" ] && [ ! -e "$1/fence" ]; then
    user=$(cat "$1/.ended.user")
    program=$(cat "$1/.ended.program")
    pidfile=
    [ ! -e "$1/run/pid" ] || pidfile=$1/run/pid
    cd /
    as "$user" xargs -0 -a "$1/.ended.words" setsid -f sh -c '
      [ -z "$1" ] || echo $$ >"$1"
      program=$2; shift 3; exec "$program" "$@" </dev/null >/dev/null 2>&1' again "$pidfile" "$program"
  fi
}

restore() {
  start_again "$1"
  rm -f -- "$1/.ended.user" "$1/.ended.program" "$1/.ended.words" "$1/.ended.pid"
}

case $verb in
  possible) ;;
  inject) each restart ;;
  verify) each again ;;
  revert) each restore ;;
esac
