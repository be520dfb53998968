# Drops every packet between a host and its peers, by their addresses, in a firewall table of its own.
# verb: possible, inject, verify or revert; address: the host's; peers: the others' addresses, one per line
# directories, peer_directories: the servers on the host and on the peers, one per line; used for loopback addresses, which outgoing
#   packets do not have: there the control group identifies a server's new sockets, and the port its open ones
table=holdfast_link_$(printf '%s' "$address $peers" | cksum | cut -d ' ' -f 1)
groups=/sys/fs/cgroup/unified
[ -d "$groups" ] || groups=/sys/fs/cgroup
case $address in 127.*) loopback=yes ;; *) loopback=no ;; esac

servers() { printf '%s\n' "$1" | while read -r d; do [ -z "$d" ] || processes_in "$d"; done; }

# join SIDE DIRECTORIES: moves the servers' processes to a control group
join() {
  mkdir -p -- "$groups/${table}_$1"
  hit=$(servers "$2")
  for p in $hit; do echo "$p" >"$groups/${table}_$1/cgroup.procs" 2>/dev/null || true; done
}

# ports DIRECTORIES: the local ports of their open outgoing sockets
ports() {
  hit=$(servers "$1")
  [ -n "$hit" ] || [ -z "$1" ] || fail "no process of a server is found here"
  inodes=$(printf '%s\n' "$1" | while read -r d; do sockets_in "$d"; done)
  { printf '%s\n' "$inodes"; echo --; cat /proc/net/tcp; } | awk '
    $1 == "--" { open = 1; next }
    !open { ours[$1] = 1; next }
    $4 == "01" && ($10 in ours) { split($2, at, ":"); if (at[1] == "0100007F") print at[2] }' |
    while read -r hex; do printf '%d\n' "0x$hex"; done | sort -un | paste -sd, -
}

# from SIDE PORTS ADDRESS: drops the packets between a side's clients and another address
from() {
  echo "  ip daddr $3 socket cgroupv2 level 1 \"${table}_$1\" counter drop"
  [ -z "$2" ] || {
    echo "  ip saddr 127.0.0.1 ip daddr $3 tcp sport { $2 } counter drop"
    echo "  ip saddr $3 ip daddr 127.0.0.1 tcp dport { $2 } counter drop"
  }
}

rules() {
  mine=; theirs=
  [ $loopback = no ] || { mine=$(ports "$directories"); theirs=$(ports "$peer_directories"); }
  echo "table inet $table {"
  for way in input output; do
    echo " chain $way {"
    echo "  type filter hook $way priority -300; policy accept;"
    printf '%s\n' "$peers" | while read -r peer; do
      if [ $loopback = no ]; then
        echo "  ip saddr $address ip daddr $peer counter drop"
        echo "  ip saddr $peer ip daddr $address counter drop"
      elif [ $way = output ]; then
        from a "$mine" "$peer"
      fi
    done
    [ $loopback = no ] || [ $way = input ] || from b "$theirs" "$address"
    echo " }"
  done
  echo "}"
}

leave() {
  [ -d "$groups/${table}_$1" ] || return 0
  for round in 1 2 3; do
    while read -r p; do echo "$p" >"$groups/cgroup.procs" 2>/dev/null || true; done <"$groups/${table}_$1/cgroup.procs"
  done
  rmdir -- "$groups/${table}_$1"
}

case $verb in
  possible)
    command -v nft >/dev/null || fail "nft is not installed on this host"
    nft list tables >/dev/null 2>&1 || fail "this user has no permission to change the firewall (nft)"
    [ -n "$peers" ] || fail "the other end of the link is missing"
    [ $loopback = no ] || [ -f "$groups/cgroup.procs" ] ||
      fail "a fault between loopback hosts needs control groups, and this host has none (cgroup2)"
    ;;
  inject)
    [ $loopback = no ] || { join a "$directories"; join b "$peer_directories"; }
    all=$(rules)
    injected
    printf '%s\n' "$all" | nft -f -
    ;;
  verify) nft list table inet "$table" | grep -Eq 'counter packets [1-9]' ;;
  revert)
    nft delete table inet "$table" 2>/dev/null || true
    leave a
    leave b
    ;;
esac
