# Reports the PgBouncers of a host; changes nothing.
# nodes: one line per PgBouncer, fields separated by a tab: id, directory
# Answers, fields separated by a tab; version, database, written, link and setting as in show_pooler, and
#   inputs ID TEXT               the inputs of the present configuration
#   edited ID                    the configuration was changed manually
#   silent ID                    the console does not answer
#   closed ID FOLDER             PgBouncer's user has no access to that directory
show_version() { # of the program
  command -v pgbouncer >/dev/null || return 0
  version=$(pgbouncer --version)
  version=${version#PgBouncer }
  printf 'version\t%s\n' "${version%%[!0-9.]*}"
}
show_way() { # ID DIRECTORY
  user=$(server_user postgres) step=$2
  while [ ! -e "$step" ]; do step=$(dirname -- "$step"); done
  as "$user" test -x "$step" || printf 'closed\t%s\t%s\n' "$1" "$step"
}
show_files() { # ID CONF
  second=
  { read -r first && read -r second; } 2>/dev/null <"$2/pgbouncer.ini" || true
  inputs=${second#;; }
  [ "$inputs" = "$second" ] || printf 'inputs\t%s\t%s\n' "$1" "$inputs"
  [ ! -d "$2" ] || cmp -s -- "$2/pgbouncer.ini" "$2/pgbouncer.ini.written" || printf 'edited\t%s\n' "$1"
}
while IFS="$tab" read -r id directory; do
  show_files "$id" "$directory/conf"
  pid=
  { read -r pid <"$directory/run/pgbouncer.pid"; } 2>/dev/null || true
  if alive "$pid" "$directory"; then
    show_pooler "$id" "$directory" 2 'SHOW CONFIG' || { printf 'silent\t%s\n' "$id"; show_version; }
  else
    show_way "$id" "$directory"
    show_version
  fi
done <<END
$nodes
END
