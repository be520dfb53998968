# Fills the file system under servers to its last block; only one that is small, for others live on a large one.
# verb: possible, set, seen or mend; directories: the servers' folders, one a line
bound=$((4 * 1024 * 1024))
each() { printf '%s\n' "$directories" | while read -r d; do "$1" "$d"; done; }
free() { df -Pk "$1" | awk 'NR == 2 { print $4 }'; }
small() {
  [ "$(free "$1")" -le $bound ] ||
    fail "$(free "$1") kB are free under $1: only a file system with at most $bound kB free is filled"
}
fill() { dd if=/dev/zero of="$1/holdfast.filler" bs=64k >/dev/null 2>&1 || true; cat /dev/zero >>"$1/holdfast.filler" 2>/dev/null || true; }
full() { [ "$(free "$1")" -lt 64 ] || exit 1; }
empty() { rm -f -- "$1/holdfast.filler"; }
case $verb in
  possible) each small ;;
  set) each small; struck; each fill ;;
  seen) each full ;;
  mend) each empty ;;
esac
