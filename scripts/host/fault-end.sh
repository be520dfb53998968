# Ends servers; its mend starts them again by the command line they had.
# verb: possible, set, seen or mend; directories: the servers' folders, one a line
# how: kill (all processes at once, by SIGKILL) or stop (the first process is asked, as an operator would)
each() { printf '%s\n' "$directories" | while read -r d; do "$1" "$d"; done; }

# SIGTERM asks PostgreSQL to wait until the last client has gone; pg_ctl stop sends SIGINT
ask() {
  case $(readlink "/proc/$1/exe") in */postgres) kill -INT "$1" ;; *) kill -TERM "$1" ;; esac
}

end_all() {
  all=$(processes_in "$1")
  first=$(printf '%s\n' "$all" | head -n 1)
  [ -n "$first" ] || return 0
  mkdir -p -- "$1/run"
  stat -c %U "/proc/$first" >"$1/run/killed.user"
  readlink "/proc/$first/exe" >"$1/run/killed.program"
  cat "/proc/$first/cmdline" >"$1/run/killed.words"
  struck
  if [ "$how" = stop ]; then ask "$first"; return 0; fi
  left=5
  while [ -n "$all" ] && [ $left -gt 0 ]; do
    kill -KILL $all 2>/dev/null || true
    all=$(processes_in "$1")
    left=$((left - 1))
  done
}

gone() { [ -z "$(processes_in "$1")" ] || exit 1; }

# a server that was fenced, or that somebody else has started, is left alone
start_again() {
  [ -s "$1/run/killed.words" ] || return 0
  if [ -z "$(processes_in "$1")" ] && [ ! -e "$1/holdfast.fenced" ] && [ ! -e "$1/fence" ]; then
    user=$(cat "$1/run/killed.user")
    program=$(cat "$1/run/killed.program")
    pidfile=
    [ ! -e "$1/run/pid" ] || pidfile=$1/run/pid
    rm -f -- "$1/data/postmaster.pid"
    cd /
    as "$user" xargs -0 -a "$1/run/killed.words" setsid -f sh -c '
      [ -z "$1" ] || echo $$ >"$1"
      program=$2; shift 3; exec "$program" "$@" </dev/null >/dev/null 2>&1' again "$pidfile" "$program"
  fi
  rm -f -- "$1/run/killed.user" "$1/run/killed.program" "$1/run/killed.words"
}

case $verb in
  possible) ;;
  set) each end_all ;;
  seen) each gone ;;
  mend) each start_again ;;
esac
