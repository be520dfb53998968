# Makes every attempt of PostgreSQL servers to archive a segment fail, by a setting that wins over all files.
# verb: possible, set, seen or mend; directories: the servers' folders, one a line
each() { printf '%s\n' "$directories" | while read -r d; do "$1" "$d"; done; }
mark='# broken on purpose by holdfast drill'
postmaster() { sed -n 1p "$1/data/postmaster.pid" 2>/dev/null; }
archiver() { for p in $(processes_in "$1"); do tr '\0' ' ' <"/proc/$p/cmdline" 2>/dev/null | grep -a 'archiver' || true; done; }

can() {
  [ -f "$1/data/postgresql.auto.conf" ] || fail "there is no PostgreSQL server in $1"
  [ -n "$(archiver "$1")" ] || fail "the server in $1 does not archive"
}

break_it() {
  struck
  printf "archive_command = 'false' %s\n" "$mark" >>"$1/data/postgresql.auto.conf"
  kill -HUP "$(postmaster "$1")"
}

fails() { archiver "$1" | grep -q 'failed on' || exit 1; }

put_right() {
  file=$1/data/postgresql.auto.conf
  [ -f "$file" ] && grep -qF "$mark" "$file" || return 0
  grep -vF "$mark" "$file" >"$file.mended" || true
  cat "$file.mended" >"$file"
  rm -f -- "$file.mended"
  pid=$(postmaster "$1")
  [ -z "$pid" ] || kill -HUP "$pid" 2>/dev/null || true
}

case $verb in
  possible) each can ;;
  set) each break_it ;;
  seen) each fails ;;
  mend) each put_right ;;
esac
