# Reports the tablespaces of a base backup; changes nothing.
# folder, system, stanza, label (of the base backup); config: the configuration of the repository
# Answers, fields separated by a tab: space OID LOCATION
private_config
said=$(as "$user" pgbackrest --config="$private/conf" --stanza="$stanza" --set="$label" --output=json info 2>&1) || fail "pgbackrest info: $said"
printf '%s\n' "$said" | copied_spaces
