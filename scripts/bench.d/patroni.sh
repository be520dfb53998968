# A PostgreSQL primary and two standbys under Patroni with etcd and HAProxy, as Debian packages them, for comparison.
# The packages are unpacked into the cache directory, with Python if there is none; nothing is installed, and no service is
# started.
# patroni_up FOLDER NETWORK TTL LOOP RETRY START  (seconds; START: how long a crashed primary may take to come back)

patroni_packages=(patroni etcd-server etcd-client python3-etcd python3-psycopg2)

# patroni_fetch: sets patroni_root, the folder the packages are in; fails when they are not to be had, or do not run here
patroni_fetch() {
  local cache=${HOLDFAST_CACHE:-$HOME/.cache/holdfast}/patroni package
  [[ $(id -u) != 0 || -n ${HOLDFAST_CACHE:-} ]] || cache=/var/cache/holdfast/patroni
  patroni_root=$cache/root
  if [[ -e $cache/complete ]] && patroni_runs 2>/dev/null; then return; fi
  rm -rf "$cache"
  mkdir -p "$cache"/{debs/partial,root}
  echo "bench: fetching Patroni and etcd with apt-get into $cache" >&2
  # with all that they need and this machine has not: on a bare one that is Python, too
  apt-get -q -y install --download-only --no-install-recommends -o Debug::NoLocking=1 -o APT::Sandbox::User= \
    -o Dir::Cache::archives="$cache/debs" "${patroni_packages[@]}" >"$cache/apt.log" 2>&1 ||
    { tail -n 3 "$cache/apt.log" >&2; return 1; }
  for package in "$cache"/debs/*.deb; do dpkg-deb -x "$package" "$cache/root" || return; done
  chmod -R a+rX "$cache"
  patroni_runs || return
  touch "$cache/complete"
}

# patroni_python ARGUMENTS...: the unpacked Python, or else the system's, with what was unpacked. Not one that merely comes first
# on PATH: Debian's modules are made for Debian's Python.
patroni_python() {
  local python=$patroni_root/usr/bin/python3 libraries
  [[ -x $python ]] || python=/usr/bin/python3
  libraries=$(printf '%s:' "$patroni_root"/{usr/,}lib/*-linux-gnu)
  as_postgres env PYTHONPATH="$patroni_root/usr/lib/python3/dist-packages" LD_LIBRARY_PATH="${libraries%:}" "$python" "$@"
}
patroni_runs() {
  [[ -x $patroni_root/usr/bin/etcd ]] && patroni_python -c 'import patroni.api, patroni.dcs.etcd3, patroni.postgresql, psycopg2'
}

as_postgres() { if [[ $(id -u) == 0 ]]; then runuser -u postgres -- "$@"; else "$@"; fi; }

patroni_up() {
  local folder=$1 network=$2 ttl=$3 loop=$4 retry=$5 start=$6 i
  patroni_folder=$folder patroni_network=$network
  patroni_fetch
  mkdir -p "$folder"
  [[ $(id -u) != 0 ]] || chown postgres "$folder"
  local e=http://$network.9
  as_postgres "$patroni_root/usr/bin/etcd" --name e0 --data-dir "$folder/etcd" --listen-client-urls "$e:2379" --advertise-client-urls "$e:2379" \
    --listen-peer-urls "$e:2380" --initial-advertise-peer-urls "$e:2380" --initial-cluster "e0=$e:2380" --initial-cluster-state new \
    >"$folder/etcd.log" 2>&1 &
  for i in 1 2 3; do
    as_postgres mkdir "$folder/s$i"
    cat >"$folder/p$i.yml" <<END
scope: bench
name: p$i
restapi: { listen: "$network.$i:8008", connect_address: "$network.$i:8008" }
etcd3: { hosts: "$network.9:2379" }
bootstrap:
  dcs:
    ttl: $ttl
    loop_wait: $loop
    retry_timeout: $retry
    primary_start_timeout: $start
    master_start_timeout: $start
    synchronous_mode: true
    failsafe_mode: true
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters: { wal_log_hints: "on", shared_buffers: 32MB, max_wal_size: 256MB, max_connections: 100 }
  initdb: [ { encoding: UTF8 }, data-checksums ]
  pg_hba: [ "host all all 127.0.0.0/8 md5", "host replication all 127.0.0.0/8 md5", "local all all trust" ]
postgresql:
  listen: "$network.$i:5432"
  connect_address: "$network.$i:5432"
  data_dir: "$folder/p$i"
  bin_dir: "$patroni_binaries"
  pgpass: "$folder/p$i.pass"
  authentication:
    superuser: { username: postgres, password: bench }
    replication: { username: replicator, password: bench }
    rewind: { username: rewinder, password: bench }
  parameters: { unix_socket_directories: "$folder/s$i" }
END
    patroni_start $i
    # the first one becomes the primary; the others are copies of it
    [[ $i != 1 ]] || patroni_await "[[ \$(patroni_role 1) == primary ]]"
  done
  patroni_await '[[ $(patroni_synchronous) -ge 1 && $(patroni_running) == 3 ]]'
  {
    printf '%s\n' global "  stats socket $folder/haproxy.sock" defaults "  mode tcp" "  timeout connect 1s" "  timeout client 1h" \
      "  timeout server 1h" "  retries 0" "listen writes" "  bind $network.8:5000" "  option httpchk OPTIONS /primary" "  http-check expect status 200" \
      "  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions"
    for i in 1 2 3; do echo "  server p$i $network.$i:5432 check port 8008"; done
  } >"$folder/haproxy.cfg"
  haproxy -f "$folder/haproxy.cfg" >"$folder/haproxy.log" 2>&1 &
  patroni_proxy=$!
  sleep 3 # a proxy takes every server for well until it has asked
  patroni_await "[[ \$(PGPASSWORD=bench psql -XAtq -h $network.8 -p 5000 -U postgres -d postgres -c 'SELECT pg_is_in_recovery()') == f ]]"
}

patroni_start() { # NUMBER
  patroni_python "$patroni_root/usr/bin/patroni" "$patroni_folder/p$1.yml" >>"$patroni_folder/p$1.log" 2>&1 &
}

# patroni_await CONDITION: at most two minutes
patroni_await() {
  local i
  for ((i = 0; i < 600; i++)); do
    if eval "$1" 2>/dev/null; then return; fi
    sleep 0.2
  done
  echo "bench: not within two minutes: $1" >&2
  return 1
}

# patroni_said SECONDS METHOD NUMBER PATH [BODY]: its whole answer over HTTP, first the line with the status; nothing when there is none
patroni_said() {
  local body=${5:-}
  printf '%s /%s HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' "$2" "$4" "${#body}" "$body" |
    timeout "$1" socat -t "$1" - "TCP:$patroni_network.$3:8008" 2>/dev/null
}
patroni_ask() { patroni_said 2 GET "$@"; } # NUMBER PATH
patroni_role() { if [[ $(patroni_ask "$1" primary) == HTTP/*' 200 '* ]]; then echo primary; fi; }
patroni_primary() { local i; for i in 1 2 3; do if [[ $(patroni_role $i) == primary ]]; then echo $i; fi; done; }
patroni_any() { local i; for i in 1 2 3; do if [[ -n $(patroni_ask $i cluster) ]]; then echo $i; return; fi; done; }
patroni_cluster() { patroni_ask "$(patroni_any)" cluster; }
patroni_synchronous() { patroni_cluster | grep -o '"role": *"sync_standby"' | wc -l; }
patroni_running() { patroni_cluster | grep -oE '"state": *"(running|streaming)"' | wc -l; }
patroni_well() { patroni_await '[[ $(patroni_synchronous) -ge 1 && $(patroni_running) == 3 && -n $(patroni_primary) ]]'; }

# patroni_pids NUMBER: the first processes of a member, PostgreSQL's children after them
patroni_pids() {
  pgrep -f "^[^ ]*/python3 .*$patroni_folder/p$1.yml" || true
  patroni_server_pids "$1"
}
patroni_server_pids() { # NUMBER
  local first
  first=$(head -n 1 "$patroni_folder/p$1/postmaster.pid" 2>/dev/null) || return 0
  echo "$first"
  pgrep -P "$first" || true
}

patroni_down() {
  [[ -n ${patroni_folder:-} ]] || return 0
  local i
  for i in 1 2 3; do pkill -KILL -f "python3 .*$patroni_folder/p$i.yml" || true; done
  # shellcheck disable=SC2046 # several processes
  for i in 1 2 3; do kill -KILL $(patroni_server_pids $i) 2>/dev/null || true; done
  pkill -KILL -f "etcd --name e0 --data-dir $patroni_folder/etcd" || true
  [[ -z ${patroni_proxy:-} ]] || kill -KILL "$patroni_proxy" 2>/dev/null || true
  rm -rf "$patroni_folder"
  patroni_folder=
}
