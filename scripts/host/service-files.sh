# The contents of a server's unit and of the program that it runs, and functions that write and compare them.
# service_unit (its name), service_kind (mongod, mongos or postgres), service_title, service_want (systemd or none)
# service_peers: of a postgres with other members: ADDRESS:PORT of each, separated by spaces

# usable: sets scope to the kind of unit that this user can have on this host; otherwise it fails, and why contains the reason
usable() {
  scope=system why=
  if ! has_systemd; then why="systemd is not the first process of the host"; return 1; fi
  is_root && return 0
  scope=user me=$(id -un)
  [ -e "/var/lib/systemd/linger/$me" ] || { why="$me is not root, and its user units do not start at boot"; return 1; }
  [ -S "/run/user/$(id -u)/systemd/private" ] || { why="the user manager of $me does not run"; return 1; }
}

# unit_text DIRECTORY: the unit file. A percent sign is a specifier there. Only a mongod or mongos is started again after it has
# failed: a postgres restarts its own processes, and a primary among several members returns only after it has asked the others.
unit_text() {
  escaped=$(printf '%s' "$1" | sed 's/%/%%/g')
  case $service_kind in
    postgres) fence=fence conditions="ConditionPathExists=!$escaped/rewind
ConditionPathExists=!$escaped/data/recovery.signal
ConditionPathExists=$escaped/data/PG_VERSION" again=no signal=SIGINT ;;
    *) fence=holdfast.fenced conditions="ConditionPathExists=$escaped/$service_kind.conf" again="on-failure
RestartSec=2" signal=SIGTERM ;;
  esac
  user= target=default.target
  if [ "$scope" != user ]; then
    # a member of an earlier version runs as root until Holdfast restarts it, and belongs to root until then
    case $service_kind in postgres) owner=$(server_user postgres) ;; *) owner_of "$1" ;; esac
    user="User=$owner$newline" target=multi-user.target
  fi
  cat <<END
# Holdfast has written this file and compares it: change the topology instead.
# Directory: $1
[Unit]
Description=$service_title
After=network-online.target
Wants=network-online.target
RequiresMountsFor=$escaped
StartLimitIntervalSec=600
StartLimitBurst=5
# a fenced server, and one that a drill has ended, is not started
ConditionPathExists=!$escaped/$fence
ConditionPathExists=!$escaped/.killed.words
$conditions

[Service]
Type=simple
${user}ExecStart=/bin/sh $escaped/service.sh
KillMode=mixed
KillSignal=$signal
TimeoutStopSec=180
Restart=$again
LimitNOFILE=64000
UMask=0077

[Install]
WantedBy=$target
END
}

# boot_text: what the unit runs. It becomes the server, so it needs no function of another file.
boot_text() {
  case $service_kind in
    postgres) cat <<'END'
#!/bin/sh
# Runs the PostgreSQL server of this directory in the foreground; its systemd unit starts this.
# run/program: the server's program and its options, one per line, as of the last start by Holdfast
# run/start: this boot, where Holdfast itself starts the server now
# service.peers: the other members: ADDRESS:PORT, separated by spaces
set -u
LC_ALL=C
export LC_ALL
directory=${0%/*}
data=$directory/data
cd /
{ IFS= read -r program <"$directory/run/program"; } 2>/dev/null || { echo "there is no $directory/run/program: holdfast apply starts the server" >&2; exit 1; }
binaries=${program%/*}

# of a process that is not this server: after a boot, another process can have its number
for lock in "$data/postmaster.pid" "$directory/run"/.s.PGSQL.*.lock; do
  number=
  { read -r number <"$lock"; } 2>/dev/null || continue
  number=${number#-}
  if [ -e "/proc/$number/cwd" ] && [ ! "/proc/$number/cwd" -ef "$data" ]; then rm -f -- "$lock"; fi
done

# boot: a text that is another one after each boot, also in a container
boot() {
  read -r id </proc/sys/kernel/random/boot_id
  read -r stat </proc/1/stat
  set -f
  # shellcheck disable=SC2086 # several words
  set -- ${stat##*) }
  set +f
  echo "$id ${20}"
}

# control NAME: a value of the control file
control() { "$binaries/pg_controldata" "$data" | sed -n "s/^$1: *//p"; }

# agree: whether every other member answers with the same database and no later timeline; 2: one has a later timeline
agree() {
  for peer in $peers; do
    answer=$(PGPASSFILE=$directory/conf/pgpass PGCONNECT_TIMEOUT=3 "$binaries/psql" -XAtw -F ' ' \
      "host=${peer%:*} port=${peer##*:} user=replicator dbname=postgres replication=true" -c IDENTIFY_SYSTEM 2>&1) || { why="$peer: $answer"; return 1; }
    # shellcheck disable=SC2086 # several words
    set -- $answer
    [ "${1:-}" = "$system" ] || { why="$peer has another database"; return 2; }
    case ${2:-x} in *[!0-9]*) why="$peer: $answer"; return 1 ;; esac
    [ "$2" -le "$timeline" ] || { why="$peer is on timeline $2"; return 2; }
  done
}

started= peers=
{ IFS= read -r peers <"$directory/service.peers"; } 2>/dev/null || true
{ IFS= read -r started <"$directory/run/start"; } 2>/dev/null || true
rm -f -- "$directory/run/start"
if [ ! -e "$data/standby.signal" ] && [ -n "$peers" ] && [ "$started" != "$(boot)" ]; then
  # This was the primary. A failover may have promoted another member while this host was down, or may do so now. The answers must stay
  # the same for longer than a failover needs from its last look at this host to the promotion.
  system=$(control 'Database system identifier')
  timeline=$(control "Latest checkpoint's TimeLineID")
  steady=0 printed=
  while [ "$steady" -lt 6 ]; do
    code=0
    agree || code=$?
    case $code in
      0) steady=$((steady + 1)) ;;
      2) echo "this server was the primary on timeline $timeline and does not start: $why; holdfast status shows the members" >&2; exit 1 ;;
      *) steady=0
        [ "$printed" = "$why" ] || echo "this server was the primary and waits until all other members answer: $why" >&2
        printed=$why ;;
    esac
    sleep 2
  done
fi

# An abandoned promotion may have left a history file without entries. A starting standby would take it for the newest timeline.
if [ -f "$data/standby.signal" ]; then
  for file in "$data/pg_wal/"????????.history; do grep -q '^[0-9]' -- "$file" 2>/dev/null || rm -f -- "$file"; done
fi
set --
while IFS= read -r word; do set -- "$@" "$word"; done <<WORDS
$(sed 1d "$directory/run/program")
WORDS
if [ -e "$directory/fence" ]; then echo "the member is fenced" >&2; exit 0; fi
exec "$program" -D "$data" "$@" >"$directory/log/start.log" 2>&1 </dev/null
END
      ;;
    *) cat <<'END'
#!/bin/sh
# Runs the mongod or mongos of this directory in the foreground; its systemd unit starts this.
# run/program: the server's program, its configuration file, its socket and its log, one per line, as of the last start by Holdfast
set -u
directory=${0%/*}
cd /
{
  IFS= read -r program && IFS= read -r conf && IFS= read -r socket && IFS= read -r log
} <"$directory/run/program" 2>/dev/null || { echo "there is no $directory/run/program: holdfast apply starts the server" >&2; exit 1; }
# while a restore in place is not finished, its own steps start the server
state=
{ IFS=' ' read -r state order <"$directory/holdfast.restore"; } 2>/dev/null || true
case $state in '' | verified) ;; *) echo "a restore of this member has not ended: $order" >&2; exit 0 ;; esac
rm -f -- "$socket"
echo $$ >"$directory/run/pid.new" && mv -f -- "$directory/run/pid.new" "$directory/run/pid"
if [ -e "$directory/holdfast.fenced" ]; then echo "the member is fenced" >&2; exit 0; fi
exec "$program" -f "$conf" >"$log" 2>&1 </dev/null
END
      ;;
  esac
}

# written FILE MODE CONTENT: writes that file atomically
written() {
  printf '%s\n' "$3" >"$1.new"
  chmod -- "$2" "$1.new"
  sync -- "$1.new"
  mv -f -- "$1.new" "$1"
}

# lacking DIRECTORY: sets lacks to what is missing or different of the unit: unit, program, peers or boot; empty when nothing is
lacking() {
  units=$(units_of "$scope") lacks=
  has=
  { IFS= read -r has <"$1/service"; } 2>/dev/null || true
  if [ "$has" != "$scope $service_unit" ] || [ ! -f "$units/$service_unit" ]; then lacks=missing
  elif ! holds "$units/$service_unit" "$(unit_text "$1")"; then lacks=unit
  elif ! holds "$1/service.sh" "$(boot_text)"; then lacks=program
  elif ! holds "$1/service.peers" "$service_peers"; then lacks=peers
  elif [ ! -s "$1/run/program" ]; then lacks=start
  elif [ ! -e "$units/multi-user.target.wants/$service_unit" ] && [ ! -e "$units/default.target.wants/$service_unit" ]; then lacks=boot
  fi
}

# service_write DIRECTORY: writes the unit and enables it; a running server goes on as it is
service_write() {
  if [ "$service_want" = none ]; then service_forget "$1"; return 0; fi
  usable || return 0
  lacking "$1"
  [ -n "$lacks" ] || return 0
  unit=$service_unit units=$(units_of "$scope")
  if [ -e "$units/$unit" ] && ! grep -qxF -- "# Directory: $1" "$units/$unit"; then
    fail "$units/$unit exists, and it is not the unit of $1: remove that unit, or give the estate another name"
  fi
  mkdir -p -- "$units"
  written "$1/service.sh" 0755 "$(boot_text)"
  written "$1/service.peers" 0644 "$service_peers"
  written "$1/service" 0644 "$scope $unit"
  written "$units/$unit" 0644 "$(unit_text "$1")"
  manager daemon-reload || fail "systemd does not read its units again"
  said=$(manager enable -- "$unit" 2>&1) || fail "systemd does not enable $unit: $said"
}
