# Says where sessions go: every other way is closed first and its sessions are ended.
# directory, ready and closed (one "backend/server" per line)
sock=$directory/run/haproxy.sock
user=$(stat -c %U "$directory/run")
exec 9>>"$directory/.lock"
flock -w 30 9 || fail "another script is still at work in $directory"
words=
for server in $closed; do words="$words; set server $server state maint; shutdown sessions server $server"; done
for server in $ready; do words="$words; set server $server state ready"; done
said=$(runtime "$sock" "${words#; }" 2) || fail "the runtime socket $sock does not answer"
[ -z "$(printf '%s' "$said" | tr -d '[:space:]')" ] || fail "haproxy: $said"
runtime "$sock" 'show servers state' 2 >"$directory/run/state.new"
[ -s "$directory/run/state.new" ] || fail "the runtime socket $sock tells no state"
chown -- "$user" "$directory/run/state.new"
mv -f -- "$directory/run/state.new" "$directory/run/state"
