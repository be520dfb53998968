# Separate hosts for a part of scripts/bench: a network namespace with an address and an SSH server each, on the disk of this
# machine. The part sets work. This needs root, ip, nft and sshd.
declare -A address
hosts_mark=sk$$
cut_group=54321 # packets of processes with this group are dropped while the CLI alone is cut off

hosts_up() { # NAME...: sets address
  local name network n=10
  network=10.$((RANDOM % 90 + 110)).$((RANDOM % 250 + 1))
  ip link add "$hosts_mark" type bridge
  ip address add "$network.1/24" dev "$hosts_mark"
  ip link set "$hosts_mark" up
  mkdir -p /run/sshd "$work/hosts"
  sed 's#^\(root:.*\):[^:]*$#\1:/bin/sh#' /etc/passwd >"$work/hosts/passwd"
  ssh-keygen -q -t ed25519 -N '' -f "$work/hosts/id"
  for name in "$@"; do
    address[$name]=$network.$((++n))
    ip netns add "$hosts_mark$name"
    ip link add "v$hosts_mark$name" type veth peer name eth0 netns "$hosts_mark$name"
    ip link set "v$hosts_mark$name" master "$hosts_mark" up
    ip -n "$hosts_mark$name" address add "${address[$name]}/24" dev eth0
    ip -n "$hosts_mark$name" link set eth0 up
    ip -n "$hosts_mark$name" link set lo up
    ssh-keygen -q -t ed25519 -N '' -f "$work/hosts/key_$name"
    echo "${address[$name]} $(cut -d' ' -f1,2 "$work/hosts/key_$name.pub")" >>"$work/hosts/known"
    power_on "$name"
  done
}
hosts_down() {
  local name
  for name in "${!address[@]}"; do
    power_off "$name" || true
    ip netns delete "$hosts_mark$name" 2>/dev/null || true
  done
  ip link delete "$hosts_mark" 2>/dev/null || true
  nft delete table inet "$hosts_mark" 2>/dev/null || true
  address=()
  rm -rf "$work/hosts"
}
reach() { echo "{ ssh: { user: root, key: $work/hosts/id, knownHosts: $work/hosts/known } }"; }
on_host() { nsenter --net="/run/netns/$hosts_mark$1" "${@:2}"; } # NAME COMMAND...
is_on() { [[ -n $(ip netns pids "$hosts_mark$1" 2>/dev/null) ]]; }
power_on() { # NAME: only its SSH server comes up by itself
  # root's shell is sh there: one that reads a long start-up file would be measured with every command
  is_on "$1" || on_host "$1" unshare --mount sh -c 'mount --bind "$1" /etc/passwd && shift && exec "$@"' boot "$work/hosts/passwd" \
    /usr/sbin/sshd -f /dev/null -E "$work/hosts/$1.log" -o "ListenAddress=${address[$1]}" -o "HostKey=$work/hosts/key_$1" \
    -o PidFile=none -o UsePAM=no -o UseDNS=no -o StrictModes=no -o MaxStartups=200 -o MaxSessions=200 -o PermitRootLogin=prohibit-password \
    -o "SetEnv=PATH=$PATH" -o "AuthorizedKeysFile=$work/hosts/id.pub" </dev/null
}
power_off() { # NAME: every process of the host is gone at once
  local all
  mapfile -t all < <(ip netns pids "$hosts_mark$1" 2>/dev/null)
  ((${#all[@]} == 0)) || { kill -STOP "${all[@]}"; kill -KILL "${all[@]}"; } 2>/dev/null || true
  local i
  for ((i = 0; i < 100; i++)); do
    is_on "$1" || return 0
    sleep 0.1
  done
  echo "$1 does not go off" >&2
  return 1
}

# ---- cuts: until uncut, no packet passes ---------------------------------------------------------------------------------
cut=() # what is cut off from what
cut_host_from_cli() { from_cli "$1" ""; }                 # the whole host, SSH as well
cut_port_from_cli() { from_cli "$1" "tcp dport 5432"; }   # its server alone; SSH, clients and standbys still reach it
from_cli() { # NAME FILTER
  nft "add table inet $hosts_mark; add chain inet $hosts_mark out { type filter hook output priority -300; policy accept; };
    add rule inet $hosts_mark out meta skgid $cut_group ip daddr ${address[$1]} $2 drop"
  cut+=("$1 from the CLI")
}
cut_host_from_all() { # both ways; its processes go on
  on_host "$1" nft "add table inet soak; add chain inet soak in { type filter hook input priority -300; policy accept; };
    add chain inet soak out { type filter hook output priority -300; policy accept; };
    add rule inet soak in iifname != lo drop; add rule inet soak out oifname != lo drop"
  cut+=("$1 from all")
}
uncut() {
  local name
  nft delete table inet "$hosts_mark" 2>/dev/null || true
  for name in "${!address[@]}"; do on_host "$name" nft delete table inet soak 2>/dev/null || true; done
  cut=()
}
