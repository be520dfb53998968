# Reports the members whose Patroni has the present passwords on disk; changes nothing.
# nodes: one line per member, fields separated by a tab: id, directory
# the passwords, as patroni/configure.sh gets them
# Records: current id
begin_records patroni/secrets-look
secrets=$(patroni_secrets)
while IFS="$tab" read -r id directory; do
  [ -n "$id" ] || continue
  user=$(stat -c %U -- "$directory/conf/patroni-secrets.yml" 2>/dev/null) || continue
  [ "$(as "$user" cat -- "$directory/conf/patroni-secrets.yml" 2>/dev/null)" != "$secrets" ] || record current id "$id"
done <<END
$nodes
END
end_records
