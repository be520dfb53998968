# Makes every attempt of PostgreSQL servers to archive a WAL segment fail, by a setting that overrides all files.
# verb: possible, inject, verify or revert; directories: the servers' directories, one per line
each() { printf '%s\n' "$directories" | while read -r d; do "$1" "$d"; done; }
mark='# broken on purpose by holdfast drill'
# reload DIRECTORY: makes a running server read its files again; a process id that another process has by now is left alone
reload() {
  look_at "$1/data/postmaster.pid" "$1"
  [ "$process" != up ] || kill -HUP "$pid" 2>/dev/null || true
}
archiver() {
  running=$(processes_in "$1")
  for p in $running; do
    words=$(words_of "$1" "$p")
    case $words in *archiver*) printf '%s\n' "$words" ;; esac
  done
}

can() {
  [ -f "$1/data/postgresql.auto.conf" ] || fail "there is no PostgreSQL server in $1"
  [ -n "$(archiver "$1")" ] || fail "the server in $1 does not archive"
}

break_it() {
  injected
  as "$(stat -c %U -- "$1/data")" sh -c 'printf "%s\n" "$2" >>"$1/data/postgresql.auto.conf"' sh "$1" "archive_command = 'false' $mark"
  reload "$1"
}

fails() { archiver "$1" | grep -q 'failed on' || exit 1; }

restore() {
  file=$1/data/postgresql.auto.conf
  [ -f "$file" ] && grep -qF "$mark" "$file" || return 0
  kept=$(grep -vF "$mark" "$file" || true)
  printf '%s\n' "$kept" | put_as "$(stat -c %U -- "$1/data")" "$file" 0600
  reload "$1"
}

case $verb in
  possible) each can ;;
  inject) each break_it ;;
  verify) each fails ;;
  revert) each restore ;;
esac
