# Writes the configuration of a member's Patroni; each file atomically, and only files that differ. Patroni reads all of them from conf.
# directory, config (patroni.yml), bootstrap (what Patroni uses when it creates a cluster)
# the names and passwords of patroni_secrets
user=$(server_user postgres)
rm -f -- "$directory"/conf/.*.??????
me=$(id -un)
put patroni-bootstrap.yml 644 "$me" "$bootstrap"
put patroni-secrets.yml 600 "$user" "$(patroni_secrets)"
put patroni.yml 644 "$me" "$config"
