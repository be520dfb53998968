# What scripts/bench.d/soak does to a PostgreSQL cluster, whose members are hosts of their own. The caller has sourced lib.sh and writer.sh.
source "$root/scripts/bench.d/hosts.sh"
source "$root/scripts/bench.d/soak-operator.sh"
cluster=books
example=postgres-only
what_happens=(kill_first kill_all kill_all freeze stop wipe lose_disk lose_power promote promote alter reset start restart
  cut_host_from_cli cut_port_from_cli cut_host_from_all cut_host_from_all killed killed)
happens_to_primaries=(alter reset)

place_estate() { # sets f, members and address
  local member
  own_estate "$example" "$work/estate"
  f=$work/estate/topology.yaml
  mapfile -t members < <(grep -oE '^  p[0-9]: ' "$f" | tr -d ' :')
  hosts_up "${members[@]}"
  rm -rf "${members[@]/#/$work/}" # each host's folder is its own, as the lock in it is
  for member in "${members[@]}"; do
    sed -i -E "s#^  $member: \{ address: [0-9.]+,(.*) reach: local#  $member: { address: ${address[$member]},\1 directory: $work/$member, reach: $(reach)#" "$f"
  done
}

home_of() { echo "$work/$1/$1/books/servers"; } # MEMBER
as_server() { on_host "$1" runuser -u postgres -- "${@:2}"; } # MEMBER COMMAND...
first_pid() { head -n 1 "$(home_of "$1")/data/postmaster.pid" 2>/dev/null; } # MEMBER
stop() { as_server "$1" timeout 20 "$binaries/pg_ctl" -D "$(home_of "$1")/data" -m fast -s -t 15 stop >/dev/null 2>&1 || true; }
start() { # by hand, as a person does who knows where the configuration is
  [[ -z $(pids "$1") ]] || return 0
  local home
  home=$(home_of "$1")
  as_server "$1" timeout 30 "$binaries/pg_ctl" -D "$home/data" -o "-c config_file='$home/conf/postgresql.conf'" -l "$home/log/by-hand.log" -s -t 20 start \
    >/dev/null 2>&1 </dev/null || true
}
promote() { as_server "$1" timeout 20 "$binaries/pg_ctl" -D "$(home_of "$1")/data" -s -t 10 promote >/dev/null 2>&1 || true; }
lose_disk() { # all that its host has in the estate's folder; once in a sequence, as wipe
  [[ -z $wiped ]] || return 0
  wiped=$1
  lose_power "$1"
  rm -rf -- "$work/${1:?}/$1"
  power_on "$1"
}
lose_power() { # it comes up again by itself, and no server is started
  power_off "$1"
  power_on "$1"
}
local_sql() { # MEMBER SQL
  local socket
  socket=$(sed -n 5p "$(home_of "$1")/data/postmaster.pid" 2>/dev/null) || return 0
  as_server "$1" timeout 10 env PGOPTIONS="-c statement_timeout=5s" psql -X -qAt -h "$socket" -p 5432 -U postgres -d postgres -c "$2" 2>/dev/null || true
}
alter() { local_sql "$1" "ALTER SYSTEM SET synchronous_standby_names = ''"; local_sql "$1" "SELECT pg_reload_conf()" >/dev/null; }
reset() { local_sql "$1" "ALTER SYSTEM RESET synchronous_standby_names"; local_sql "$1" "SELECT pg_reload_conf()" >/dev/null; }

# is_felt EVENT MEMBER: whether the event did what its name says
is_felt() {
  case $1 in
    kill_first | kill_all | stop | lose_power) [[ -z $(pids "$2") ]] ;;
    freeze) [[ $(pids "$2" | head -n 1 | xargs -I{} awk '{print $3}' /proc/{}/stat 2>/dev/null) == T ]] ;;
    start | restart) [[ -n $(pids "$2") ]] ;;
    wipe | lose_disk) [[ $wiped == "$2" && ! -e $(home_of "$2")/data ]] ;;
    promote) [[ $(local_sql "$2" 'SELECT pg_is_in_recovery()') == f ]] ;;
    alter) [[ $(local_sql "$2" 'SHOW synchronous_standby_names') == "" && -n $(pids "$2") ]] ;;
    cut_*) ! setpriv --regid "$cut_group" --keep-groups timeout 1 bash -c ": <>/dev/tcp/${address[$2]}/5432" 2>/dev/null ;;
    *) true ;;
  esac
}

primary_now() { # by asking the servers on their hosts, for Holdfast may be cut off
  local member
  for member in "${members[@]}"; do
    if [[ $(local_sql "$member" 'SELECT pg_is_in_recovery()') == f ]]; then
      echo "$member"
      return 0
    fi
  done
}

open_entrance() { # the table of the rows, and the writer at the entrance; an application never is a superuser
  local password
  binaries=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  password=$(cat "$HOLDFAST_HOME/ledger/secrets/books.admin")
  PGPASSWORD=$password psql -X -q -v ON_ERROR_STOP=1 -h "${address[p1]}" -p 5000 -U postgres -d books -c 'CREATE TABLE bench_writes (id int PRIMARY KEY)' \
    -c 'GRANT SELECT, INSERT ON bench_writes TO clerk'
  password=$(cat "$HOLDFAST_HOME/ledger/secrets/books.users.clerk")
  writer_start "jdbc:postgresql://${address[p1]}:5000,${address[p2]}:5000/books" clerk "$password"
}
