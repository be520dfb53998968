# Delays packets to a host's address with a queue on the device of its route: netem if the kernel supports it, else a limit of
# 1 Mbit/s.
# verb: possible, inject, verify or revert; address: the host's; peers: unused
device() { ip -o route get "$address" | sed -n 's/.* dev \([^ ]*\) .*/\1/p'; }
record=/run/holdfast_slow_$(printf '%s' "$address" | cksum | cut -d ' ' -f 1)

line() {
  tc qdisc add dev "$1" root handle 1: htb default 1 &&
    tc class add dev "$1" parent 1: classid 1:1 htb rate 100gbit &&
    tc class add dev "$1" parent 1: classid 1:2 htb rate "$2" &&
    { [ -z "$3" ] || tc qdisc add dev "$1" parent 1:2 handle 2: netem delay "$3"; } &&
    tc filter add dev "$1" parent 1: protocol ip prio 1 u32 match ip dst "$address/32" flowid 1:2
}

# slow DEVICE: delays packets if possible, else limits the bandwidth
slow() {
  line "$1" 100gbit 100ms 2>/dev/null && return 0
  tc qdisc del dev "$1" root 2>/dev/null || true
  line "$1" 1mbit ''
}

case $verb in
  possible)
    command -v tc >/dev/null || fail "tc is not installed on this host"
    dev=$(device)
    [ -n "$dev" ] || fail "no route leads to $address"
    tc qdisc show dev "$dev" root | grep -Eq 'noqueue|pfifo_fast|fq_codel|mq ' ||
      fail "$dev already has its own queue: $(tc qdisc show dev "$dev" root | head -n 1)"
    [ -w /run ] || fail "this user has no permission to change queues (tc)"
    trial=hfslow$$
    ip link add "$trial" type dummy 2>/dev/null || ip link add "$trial" type veth peer name "${trial}p" 2>/dev/null ||
      fail "this user has no permission to change queues (tc), or the kernel has no device to try one on (dummy, veth)"
    said=$(slow "$trial" 2>&1) || { ip link del "$trial"; fail "the kernel has neither netem nor htb: $said"; }
    ip link del "$trial"
    ;;
  inject)
    dev=$(device)
    echo "$dev" >"$record"
    injected
    slow "$dev"
    ;;
  verify)
    tc -s class show dev "$(cat "$record")" 2>/dev/null | sed -n '/class htb 1:2 /,/Sent/p' | grep -Eq 'Sent [1-9]'
    ;;
  revert)
    if [ -s "$record" ]; then
      tc qdisc del dev "$(cat "$record")" root handle 1: 2>/dev/null || true
      rm -f -- "$record"
    fi
    ;;
esac
