# Fills the file system of servers to its last block; only a small one, because others share a large one.
# verb: possible, inject, verify or revert; directories: the servers' directories, one per line
bound=$((4 * 1024 * 1024))
each() { printf '%s\n' "$directories" | while read -r d; do "$1" "$d"; done; }
free() { df -Pk "$1" | awk 'NR == 2 { print $4 }'; }
small() {
  [ "$(free "$1")" -le $bound ] ||
    fail "$(free "$1") kB are free under $1, the limit for this fault is $bound kB"
}
fill() { dd if=/dev/zero of="$1/holdfast.filler" bs=64k >/dev/null 2>&1 || true; cat /dev/zero >>"$1/holdfast.filler" 2>/dev/null || true; }
full() { [ "$(free "$1")" -lt 64 ] || exit 1; }
empty() { rm -f -- "$1/holdfast.filler"; }
case $verb in
  possible) each small ;;
  inject) each small; injected; each fill ;;
  verify) each full ;;
  revert) each empty ;;
esac
