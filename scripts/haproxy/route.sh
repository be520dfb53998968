# Sets the routes of a proxy: first closes all other routes and ends their sessions.
# directory, ready and closed (one "backend/server" per line)
sock=$directory/run/haproxy.sock
alone 30
words=
for server in $closed; do words="$words; set server $server state maint; shutdown sessions server $server"; done
for server in $ready; do words="$words; set server $server state ready"; done
# errors come before the state, whose first line is its version
begin="# be_id"
said=$(runtime "$sock" "${words#; }; show servers state" 2) || fail "the runtime socket $sock does not answer"
case $said in *"$begin"*) ;; *) fail "the runtime socket $sock reports no state: $said" ;; esac
set -f
# shellcheck disable=SC2086 # several words
set -- ${said%%"$begin"*}
[ "$*" = 1 ] || fail "haproxy: $*"
printf '1\n%s\n' "$begin${said#*"$begin"}" | put_as "$(stat -c %U -- "$directory/run")" "$directory/run/state" 0600
