# Reports whether an etcd cluster asks for a login, and whether Patroni's login is accepted; changes nothing.
# url, prefix (of Patroni's keys), user and password (Patroni's)
# Records: auth state      state: on, off, or refused (the login or its rights)
begin_records etcd/auth-look
etcd_auth "$url" || exit 1
if [ "$auth" = on ]; then
  said=$(ETCDCTL_USER=$user:$password etcd_client "$url" get "$prefix" --prefix --keys-only --limit=1 2>&1) || {
    case $said in
      *'authentication failed'* | *'permission denied'*) auth=refused ;;
      *) fail "etcd: $(printf '%s\n' "$said" | tail -n 1)" ;;
    esac
  }
fi
record auth state "$auth"
end_records
