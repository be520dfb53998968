# Functions for scripts about an etcd server.

# etcd_client URL ARGUMENTS...: etcdctl with a time limit of its own; the login is in ETCDCTL_USER, where no process list shows it
etcd_client() {
  at=$1
  shift
  ETCDCTL_API=3 timeout -k 1 8 etcdctl --endpoints="$at" --dial-timeout=2s --command-timeout=5s "$@"
}

# etcd_auth URL: sets auth to on or off, by a read without a login; fails when the server gives no answer
etcd_auth() {
  if said=$(etcd_client "$1" get holdfast --limit=1 2>&1); then auth=off; return 0; fi
  case $said in *'user name is empty'*) auth=on ;; *) say "etcd: $(printf '%s\n' "$said" | tail -n 1)"; return 1 ;; esac
}
