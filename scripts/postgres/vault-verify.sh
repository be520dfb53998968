# Reads every piece of the repository and compares it with its checksum; changes nothing.
# folder, system, stanza; config: how to read the repository
# Answers, fields separated by a tab: bad PLACE WORDS, read ARCHIVED BACKUPS
user=$(server_user postgres)
private=$(mktemp -d)
trap 'rm -rf -- "$private"' EXIT
chown -- "$user" "$private"
printf '%s\n' "$config" | sed "s/@system@/$system/" >"$private/conf"
chown -- "$user" "$private/conf"
chmod 0600 -- "$private/conf"
as "$user" pgbackrest --config="$private/conf" --stanza="$stanza" --log-level-console=detail verify >"$private/said" 2>&1 || true
cat -- "$private/said"
