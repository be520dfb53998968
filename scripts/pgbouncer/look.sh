# Reports the PgBouncers of a host; changes nothing.
# nodes: one line per PgBouncer, fields separated by a tab: id, directory
# Records, and those of show_pooler:
#   inputs id text               the inputs of the present configuration
#   edited id                    the configuration was changed manually
#   silent id                    the console does not answer
#   closed id folder             PgBouncer's user has no access to that directory
show_version() { # of the program
  command -v pgbouncer >/dev/null || return 0
  version=$(pgbouncer --version)
  version=${version#PgBouncer }
  record version version "${version%%[!0-9.]*}"
}
show_way() { # ID DIRECTORY
  user=$(server_user postgres) step=$2
  while [ ! -e "$step" ]; do step=$(dirname -- "$step"); done
  as "$user" test -x "$step" || record closed id "$1" folder "$step"
}
show_files() { # ID CONF
  second=
  { read -r first && read -r second; } 2>/dev/null <"$2/pgbouncer.ini" || true
  inputs=${second#;; }
  [ "$inputs" = "$second" ] || record inputs id "$1" text "$inputs"
  [ ! -d "$2" ] || cmp -s -- "$2/pgbouncer.ini" "$2/pgbouncer.ini.written" || record edited id "$1"
}
begin_records pgbouncer/look
while IFS="$tab" read -r id directory; do
  show_files "$id" "$directory/conf"
  pid=
  { read -r pid <"$directory/run/pgbouncer.pid"; } 2>/dev/null || true
  if alive "$pid" "$directory"; then
    show_pooler "$id" "$directory" 2 'SHOW CONFIG' || { record silent id "$id"; show_version; }
  else
    show_way "$id" "$directory"
    show_version
  fi
done <<END
$nodes
END
end_records
