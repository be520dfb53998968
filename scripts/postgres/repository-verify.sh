# Verifies the checksum of every piece of the repository; changes nothing.
# folder, system, stanza; config: the configuration of the repository
# Answers, fields separated by a tab: bad PLACE WORDS, read ARCHIVED BACKUPS
private_config
as "$user" pgbackrest --config="$private/conf" --stanza="$stanza" --log-level-console=detail verify >"$private/said" 2>&1 || true
cat -- "$private/said"
