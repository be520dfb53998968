# Asks servers to end by SIGTERM, as an operator would; apply starts them again.
# verb: possible, set, seen or mend; directories: the servers' folders, one a line
each() { printf '%s\n' "$directories" | while read -r d; do "$1" "$d"; done; }
ask() { first=$(processes_in "$1" | head -n 1); [ -z "$first" ] || { struck; kill -TERM "$first"; }; }
gone() { [ -z "$(processes_in "$1")" ] || exit 1; }
case $verb in
  possible | mend) ;;
  set) each ask ;;
  seen) each gone ;;
esac
