# Creates the users of an etcd cluster with their rights, and makes it ask for a login. A second run changes nothing.
# url, prefix (of Patroni's keys), root (the password of root), user and password (Patroni's)
etcd_auth "$url" || exit 1
admin() { if [ "$auth" = on ]; then ETCDCTL_USER=root:$root etcd_client "$url" "$@"; else etcd_client "$url" "$@"; fi; }
must() { said=$("$@" 2>&1) || fail "etcd: $(printf '%s\n' "$said" | tail -n 1)"; }
has() { must admin "$1" list; printf '%s\n' "$said" | grep -qxF -- "$2"; }
known() { # USER PASSWORD
  if has user "$1"; then verb=passwd; else verb=add; fi
  said=$(printf '%s\n' "$2" | admin user "$verb" "$1" --interactive=false 2>&1) || fail "etcd: $(printf '%s\n' "$said" | tail -n 1)"
}
has role root || must admin role add root
known root "$root"
must admin user grant-role root root
has role "$user" || must admin role add "$user"
must admin role grant-permission "$user" --prefix=true readwrite "$prefix"
known "$user" "$password"
must admin user grant-role "$user" "$user"
[ "$auth" = on ] || must admin auth enable
