# What scripts about a PostgreSQL server and its repository share.

# reaped PID: waits until it is no zombie, for 3 s at most; a killed process stays one until its parent has noticed, and though it
# does nothing any more, PostgreSQL takes it for alive
reaped() {
  [ -n "$1" ] || return 0
  tries=30
  while [ "$tries" -gt 0 ]; do
    tries=$((tries - 1))
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    case ${stat##*) } in Z* | X*) sleep 0.1 ;; *) return 0 ;; esac
  done
}

# known_passwords: what a member's password file holds
# replicator and rewinder (role names), replication and rewind (their passwords)
known_passwords() {
  for of in "$replicator:$replication" "$rewinder:$rewind"; do
    told=${of#*:}
    case $told in *[\\:]*) told=$(printf '%s' "$told" | sed 's/[\\:]/\\&/g') ;; esac
    printf '*:*:*:%s:%s\n' "${of%%:*}" "$told"
  done
}

# private_config: $private, a folder of the server's user ($user) for as long as this script runs, with how to read the repository in conf
# config (its text; @system@ stands for the system identifier), system
private_config() {
  user=$(server_user postgres)
  private=$(mktemp -d)
  trap 'rm -rf -- "$private"' EXIT
  printf '%s\n' "$config" | sed "s/@system@/$system/" >"$private/conf"
  chmod 0600 -- "$private/conf"
  chown -- "$user" "$private" "$private/conf"
}

# log_end PROGRAMS DATA: where the log of a stopped PostgreSQL standby ends; nothing when that takes too long to find
log_end() {
  "$1/pg_controldata" "$2" 2>/dev/null | awk -F': +' '/^Min recovery ending loc/ {t = $2} /^Minimum recovery ending location/ {l = $2}
    END {if (t > 0 && l != "0/0") print t, l}' | while read -r from; do
    said=$(timeout 5 "$1/pg_waldump" -p "$2/pg_wal" -t "${from% *}" -s "${from#* }" 2>&1 >/dev/null || true)
    printf '%s\n' "$said" | sed -n 's/.*invalid record length at \([0-9A-F]*\/[0-9A-F]*\).*/\1/p' | tail -n 1
  done
}
