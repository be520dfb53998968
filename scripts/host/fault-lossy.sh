# Drops a fifth of the packets to and from a host, by its address, in a firewall table of its own.
# verb: possible, set, seen or mend; address: the host's; peers: unused
table=holdfast_lossy_$(printf '%s' "$address" | cksum | cut -d ' ' -f 1)
case $verb in
  possible)
    command -v nft >/dev/null || fail "nft is not installed on this host"
    nft list tables >/dev/null 2>&1 || fail "this user may not change the firewall (nft)"
    ;;
  set)
    struck
    nft -f - <<RULES
table inet $table {
 chain output {
  type filter hook output priority -300; policy accept;
  ip saddr $address numgen random mod 100 < 20 counter drop
  ip daddr $address numgen random mod 100 < 20 counter drop
 }
}
RULES
    ;;
  seen) nft list table inet "$table" | grep -Eq 'counter packets [1-9]' ;;
  mend) nft delete table inet "$table" 2>/dev/null || true ;;
esac
