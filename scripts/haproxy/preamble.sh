# Functions for scripts about an HAProxy.

# runtime SOCKET COMMAND SECONDS: the answer of HAProxy on its runtime socket; fails without an answer within that time
runtime() {
  if command -v socat >/dev/null; then printf '%s\n' "$2" | socat -T "$3" - "UNIX-CONNECT:$1" 2>/dev/null
  else
    command -v perl >/dev/null || fail "neither socat nor perl is installed on this host"
    perl -MSocket -we 'my ($path, $command, $seconds) = @ARGV; alarm $seconds;
      socket(my $socket, PF_UNIX, SOCK_STREAM, 0) or exit 1;
      connect($socket, pack_sockaddr_un($path)) or exit 1;
      syswrite $socket, "$command\n"; print while <$socket>' "$1" "$2" "$3"
  fi
}

# show_routes ID SOCKET SECONDS: a line per server of a proxy: route, id, backend, server, ready or closed, with tabs between;
# and its version
show_routes() {
  states=$(runtime "$2" 'show servers state; show info' "$3") || return 1
  [ -n "$states" ] || return 1 # socat ends well when its time is up
  # field 7 is the administrative state; bit 1: requested maintenance, bit 8: draining
  printf '%s\n' "$states" | awk -v head="route$tab$1$tab" -v t="$tab" \
    '/^Version: / {sub(/[^0-9.].*/, "", $2); print "version" t $2; next}
    NF > 10 && $1 !~ /^#/ {print head $2 t $4 t ($7 % 2 == 0 && int($7 / 8) % 2 == 0 ? "ready" : "closed")}'
}
