# The tablespaces that a base copy has; changes nothing.
# folder, system, stanza, label (of the base copy); config: how to read the repository
# Answers, fields separated by a tab: space OID LOCATION
private_config
said=$(as "$user" pgbackrest --config="$private/conf" --stanza="$stanza" --set="$label" --output=json info 2>&1) || fail "pgbackrest info: $said"
printf '%s\n' "$said" | copied_spaces
