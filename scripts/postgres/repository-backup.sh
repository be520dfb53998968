# Makes a base backup of a running primary, and expires old backups. A backup in progress, for example of an interrupted run, gets five
# minutes to finish.
# directory (of the node whose log directory is used), file (of its conf), stanza, kind (full|diff|incr)
user=$(server_user postgres)
log=$directory/log/backup.log
tries=300
until output_to "$log" pgbackrest --config="$directory/conf/$file" --stanza="$stanza" --type="$kind" --log-level-console=info backup; do
  as "$user" grep -q 'unable to acquire lock.* Resource temporarily unavailable' "$log" && [ "$tries" -gt 0 ] ||
    fail "pgbackrest backup: $(as "$user" grep -E 'ERROR|HINT' "$log" | head -n 4 || as "$user" tail -n 3 "$log")"
  tries=$((tries - 1))
  sleep 1
done
