# Verifies from a member's host that its repository is the one that the primary writes to; changes nothing.
# directory, folder (a repository per system below it), stanza
user=$(server_user postgres)
said=$(as "$user" pgbackrest --config="$directory/conf/pgbackrest.conf" --stanza="$stanza" repo-ls "archive/$stanza" 2>&1) ||
  fail "the repository is unreachable from this host: $(printf '%s\n' "$said" | grep -E 'ERROR|HINT' | head -n 3)"
case $newline$said$newline in
  *"${newline}archive.info$newline"*) ;;
  *) fail "$folder is not the repository that the primary writes to: it must be the same on every host" ;;
esac
