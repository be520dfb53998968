# Reports the tablespaces of a base backup; changes nothing.
# folder, system, stanza, label (of the base backup); config: the configuration of the repository
# Records: space oid location
begin_records postgres/repository-tablespaces
private_config
said=$(as "$user" pgbackrest --config="$private/conf" --stanza="$stanza" --set="$label" --output=json info 2>&1) || fail "pgbackrest info: $said"
spaces=$(printf '%s\n' "$said" | copied_spaces)
while IFS="$tab" read -r word oid location; do
  [ -z "$word" ] || record space oid "$oid" location "$location"
done <<END
$spaces
END
end_records
