# Stops all processes of servers by SIGSTOP: their ports still accept connections, and no request is answered. Fails when it finds no server.
# verb: possible, inject, verify or revert; directories: the servers' directories, one per line
each() { printf '%s\n' "$directories" | while read -r d; do "$1" "$d"; done; }

freeze() {
  all=$(running_in "$1")
  injected
  for round in 1 2 3; do
    # shellcheck disable=SC2086 # several processes
    kill -STOP $all 2>/dev/null || true
    all=$(processes_in "$1")
  done
}

frozen() {
  all=$(running_in "$1")
  for p in $all; do
    stat=$(of_process "$1" "$p" 'cat "$1/stat"')
    case ${stat##*) } in T* | '') ;; *) exit 1 ;; esac
  done
}

thaw() { all=$(processes_in "$1"); for p in $all; do kill -CONT "$p" 2>/dev/null || true; done; }

case $verb in
  possible) ;;
  inject) each freeze ;;
  verify) each frozen ;;
  revert) each thaw ;;
esac
