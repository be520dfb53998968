# Stops all processes of servers by SIGSTOP: their ports still accept, and nothing is answered.
# verb: possible, set, seen or mend; directories: the servers' folders, one a line
each() { printf '%s\n' "$directories" | while read -r d; do "$1" "$d"; done; }

freeze() {
  all=$(processes_in "$1")
  struck
  kill -STOP $all 2>/dev/null || true
  for round in 1 2; do
    for p in $(processes_in "$1"); do kill -STOP "$p" 2>/dev/null || true; done
  done
}

frozen() {
  all=$(processes_in "$1")
  [ -n "$all" ] || exit 1
  for p in $all; do
    case "$(sed 's/.*) \(.\).*/\1/' "/proc/$p/stat" 2>/dev/null)" in T|'') ;; *) exit 1 ;; esac
  done
}

thaw() { for p in $(processes_in "$1"); do kill -CONT "$p" 2>/dev/null || true; done; }

case $verb in
  possible) ;;
  set) each freeze ;;
  seen) each frozen ;;
  mend) each thaw ;;
esac
