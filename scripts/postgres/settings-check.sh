# Tests settings on a copy of a server's control file: the server program reads them, loads the named libraries and certificates, and
# exits before it serves. The server itself and its directory stay unchanged.
# directory, binaries, settings, role (desired contents of postgresql.conf and role.conf)
# Records: refused reason, when a server would not start with these settings; none when it would
begin_records postgres/settings-check
user=$(server_user postgres)
data=$directory/data
private=$(mktemp -d)
trap 'rm -rf -- "$private"' EXIT
chmod 0711 -- "$private" # the server's user cannot put a link in the way of what this user writes there
mkdir -m 0700 -- "$private/data"
chown -- "$user" "$private/data"
as "$user" mkdir -m 0700 -- "$private/data/global"
read -r major <"$data/PG_VERSION"
as "$user" cp -- "$data/PG_VERSION" "$private/data/"
as "$user" cp -- "$data/global/pg_control" "$private/data/global/"
as "$user" touch -- "$private/data/postgresql.auto.conf"
# certificates and other files that settings name without a directory are searched in the data directory
for file in "$data"/*; do
  case ${file##*/} in PG_VERSION | postmaster.* | *.conf | *.signal | *label*) continue ;; esac
  [ ! -f "$file" ] || as "$user" ln -s -- "$file" "$private/data/"
done
printf '%s\n' "$settings" >"$private/postgresql.conf"
printf '%s\n' "$role" >"$private/role.conf"
chmod 0600 -- "$private/postgresql.conf" "$private/role.conf"
chown -- "$user" "$private/postgresql.conf" "$private/role.conf"

# try NAME: the program's standard error while it finds the value of that setting
try() {
  as "$user" timeout 20 "$binaries/postgres" -D "$private/data" -c config_file="$private/postgresql.conf" \
    -c log_destination=stderr -c log_min_messages=warning -C "$1" 2>&1 >"$private/value" </dev/null
}

asked=shared_memory_size # found only after all libraries and certificates are loaded
[ "$major" -gt 14 ] || asked=shared_preload_libraries
if ! said=$(try "$asked"); then
  reason=$(printf '%s\n' "$said" | sed -n 's/^.* \(LOG\|FATAL\|PANIC\|ERROR\): */\1: /p' | grep -v 'skipping missing' | head -n 3 |
    sed "s|$private/||g; s/^LOG: //" | tr '\n' ' ')
  record refused reason "${reason:-$(printf '%s' "$said" | tail -n 1)}"
elif [ "$major" = 14 ] && [ -d "$binaries/../lib" ]; then
  missing=$(tr ',' '\n' <"$private/value" | while read -r library; do
    case $library in '' | */*) continue ;; esac
    [ -e "$binaries/../lib/$library.so" ] || printf '%s\n' "$library"
  done | head -n 1)
  [ -z "$missing" ] || record refused reason "FATAL: could not access file \"$missing\": No such file or directory"
fi
end_records
