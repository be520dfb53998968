# Says where sessions go: every other way is closed first and its sessions are ended.
# directory, ready and closed (one "backend/server" per line)
sock=$directory/run/haproxy.sock
user=$(stat -c %U "$directory/run")
exec 9>>"$directory/.lock"
flock -w 30 9 || fail "another script is still at work in $directory"
runtime() { # COMMAND
  if command -v socat >/dev/null; then printf '%s\n' "$1" | socat -T 2 - "UNIX-CONNECT:$sock"
  else
    perl -MIO::Socket::UNIX -e 'alarm 2; my $s = IO::Socket::UNIX->new(Peer => shift) or exit 1; print $s shift, "\n"; print while <$s>' "$sock" "$1"
  fi
}
words=
for server in $closed; do words="$words; set server $server state maint; shutdown sessions server $server"; done
for server in $ready; do words="$words; set server $server state ready"; done
said=$(runtime "${words#; }") || fail "the runtime socket $sock does not answer"
[ -z "$(printf '%s' "$said" | tr -d '[:space:]')" ] || fail "haproxy: $said"
runtime 'show servers state' >"$directory/run/state.new"
[ -s "$directory/run/state.new" ] || fail "the runtime socket $sock tells no state"
chown -- "$user" "$directory/run/state.new"
mv -f -- "$directory/run/state.new" "$directory/run/state"
