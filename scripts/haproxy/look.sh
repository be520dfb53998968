# What the proxies of a host say; changes nothing.
# nodes: one line per proxy, fields separated by a tab: id, directory
# Answers, fields separated by a tab:
#   inputs ID TEXT               from which the configuration was written
#   edited ID                    the configuration is not as it was written
#   stale ID                     the configuration is newer than the process
#   version VERSION
#   route ID BACKEND SERVER STATE   STATE is ready or closed
#   silent ID                    the runtime socket does not answer
#   closed ID FOLDER             HAProxy's user may not pass through that folder
tab=$(printf '\t')
runtime() { # SOCKET COMMAND
  if command -v socat >/dev/null; then printf '%s\n' "$2" | socat -T 2 - "UNIX-CONNECT:$1" 2>/dev/null
  else
    perl -MIO::Socket::UNIX -e 'alarm 2; my $s = IO::Socket::UNIX->new(Peer => shift) or exit 1; print $s shift, "\n"; print while <$s>' "$1" "$2"
  fi
}
user=$(id -un)
[ "$user" != root ] || ! id haproxy >/dev/null 2>&1 || user=haproxy
haproxy=$(command -v haproxy || true)
[ -z "$haproxy" ] || "$haproxy" -v | sed -n 's/^HAProxy version \([0-9][0-9.]*\).*/version\t\1/p'
printf '%s\n' "$nodes" | while IFS="$tab" read -r id directory; do
  pid=
  { read -r pid <"$directory/run/haproxy.pid"; } 2>/dev/null || true
  if alive "$pid" "$directory"; then up=yes
  else
    up=no step=$directory
    while [ ! -e "$step" ]; do step=$(dirname -- "$step"); done
    as "$user" test -x "$step" || printf 'closed\t%s\t%s\n' "$id" "$step"
  fi
  cfg=$directory/conf/haproxy.cfg
  second=
  { read -r first && read -r second; } 2>/dev/null <"$cfg" || true
  inputs=${second#\# }
  [ "$inputs" = "$second" ] || printf 'inputs\t%s\t%s\n' "$id" "$inputs"
  [ ! -d "$directory/conf" ] || cmp -s -- "$cfg" "$directory/conf/haproxy.cfg.written" || printf 'edited\t%s\n' "$id"
  [ $up = yes ] || continue
  [ -z "$(find "$cfg" -newer "$directory/run/haproxy.pid" 2>/dev/null)" ] || printf 'stale\t%s\n' "$id"
  states=$(runtime "$directory/run/haproxy.sock" 'show servers state') || { printf 'silent\t%s\n' "$id"; continue; }
  # field 7 is the administrative state; bit 1: maintenance that was asked for, bit 8: draining
  printf '%s\n' "$states" | awk -v head="route$tab$id$tab" -v t="$tab" \
    'NF > 10 && $1 !~ /^#/ {print head $2 t $4 t ($7 % 2 == 0 && int($7 / 8) % 2 == 0 ? "ready" : "closed")}'
done
