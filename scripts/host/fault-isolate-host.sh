# Drops packets to and from a host, by its address, in a firewall table of its own.
# loses: the percentage of packets to drop; 100 isolates the host
# verb: possible, inject, verify or revert; address: the host's; peers: unused, see fault-partition-link.sh
# directories: the servers on the host, one per line; used for a loopback address, which outgoing packets do not have: there the
#   control group identifies the servers' new sockets, and the port their open ones
table=holdfast_cut_$(printf '%s' "$address $loses" | cksum | cut -d ' ' -f 1)
groups=/sys/fs/cgroup/unified
[ -d "$groups" ] || groups=/sys/fs/cgroup
group=$groups/$table
drop='counter drop'
[ "$loses" = 100 ] || drop="numgen random mod 100 < $loses counter drop"
case $address in 127.*) loopback=yes ;; *) loopback=no ;; esac

servers() { printf '%s\n' "$directories" | while read -r d; do [ -z "$d" ] || processes_in "$d"; done; }

# ports: the local ports of the servers' open outgoing sockets
ports() {
  hit=$(servers)
  [ -n "$hit" ] || [ -z "$directories" ] || fail "no process of a server is found here"
  inodes=$(printf '%s\n' "$directories" | while read -r d; do sockets_in "$d"; done)
  { printf '%s\n' "$inodes"; echo --; cat /proc/net/tcp; } | awk '
    $1 == "--" { open = 1; next }
    !open { ours[$1] = 1; next }
    $4 == "01" && ($10 in ours) { split($2, at, ":"); if (at[1] == "0100007F") print at[2] }' |
    while read -r hex; do printf '%d\n' "0x$hex"; done | sort -un | paste -sd, -
}

rules() {
  echo "table inet $table {"
  for way in input output; do
    echo " chain $way {"
    echo "  type filter hook $way priority -300; policy accept;"
    # shellcheck disable=SC2086 # several words
    set -- ${SSH_CONNECTION:-}
    if [ $# = 4 ]; then
      echo "  ip saddr $1 tcp dport $4 accept"
      echo "  ip daddr $1 tcp sport $4 accept"
    fi
    echo "  ip saddr $address $drop"
    echo "  ip daddr $address $drop"
    if [ $loopback = yes ] && [ -n "$directories" ]; then
      [ $way = input ] || echo "  socket cgroupv2 level 1 \"${group#/sys/fs/cgroup/}\" $drop"
      open=$(ports)
      [ -z "$open" ] || echo "  ip saddr 127.0.0.1 tcp sport { $open } $drop"
    fi
    echo " }"
  done
  echo "}"
}

case $verb in
  possible)
    command -v nft >/dev/null || fail "nft is not installed on this host"
    nft list tables >/dev/null 2>&1 || fail "this user has no permission to change the firewall (nft)"
    if [ $loopback = yes ]; then
      [ -f "$groups/cgroup.procs" ] || fail "the isolation of a loopback host needs a control group, and this host has none (cgroup2)"
    fi
    ;;
  inject)
    if [ $loopback = yes ]; then
      mkdir -p -- "$group"
      hit=$(servers)
      for p in $hit; do echo "$p" >"$group/cgroup.procs" 2>/dev/null || true; done
    fi
    all=$(rules)
    injected
    printf '%s\n' "$all" | nft -f -
    ;;
  verify) nft list table inet "$table" | grep -Eq 'counter packets [1-9]' ;;
  revert)
    nft delete table inet "$table" 2>/dev/null || true
    if [ -d "$group" ]; then
      for round in 1 2 3; do
        while read -r p; do echo "$p" >"$groups/cgroup.procs" 2>/dev/null || true; done <"$group/cgroup.procs"
      done
      rmdir -- "$group"
    fi
    ;;
esac
