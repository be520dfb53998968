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

# show_routes ID SOCKET SECONDS: records of a running proxy, and none without an answer within that time:
#   version version
#   route id backend server state   state: ready or closed
show_routes() {
  states=$(runtime "$2" 'show servers state; show info' "$3") || return 1
  [ -n "$states" ] || return 1 # socat ends well when its time is up
  # field 7 is the administrative state; bit 1: requested maintenance, bit 8: draining; field 6 is 0 when a health check says no
  routes=$(printf '%s\n' "$states" | ID=$1 awk "$awk_records"'
    /^Version: / {sub(/[^0-9.].*/, "", $2); record("version", "version", $2); next}
    NF > 10 && $1 !~ /^#/ {
      record("route", "id", ENVIRON["ID"], "backend", $2, "server", $4, "state", $7 % 2 == 0 && int($7 / 8) % 2 == 0 && $6 != 0 ? "ready" : "closed")
    }') || return 1
  add_records "$routes"
}
