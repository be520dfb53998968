# Functions for servers that systemd starts. The file "service" in a server's directory says which unit that is: SCOPE UNIT, where
# SCOPE is system, or user for a unit of the user of this script. The unit itself refuses to start a fenced server.

# has_systemd: whether systemd is the first process here, and not only of the machine whose files a container sees
has_systemd() {
  [ -d /run/systemd/system ] || return 1
  first_line /proc/1/comm
  [ "$first" = systemd ]
}

# service_of DIRECTORY: sets scope and unit of the server there; fails where it has no unit, or systemd is not the first process
service_of() {
  scope= unit=
  { read -r scope unit <"$1/service"; } 2>/dev/null || return 1
  [ -n "$unit" ] && has_systemd
}

# manager WORD...: systemctl for the scope; it waits at most 30 s, or $manager_time s
manager() {
  if [ "$scope" = user ]; then
    XDG_RUNTIME_DIR=/run/user/$(id -u) timeout "${manager_time:-30}" systemctl --user "$@" </dev/null 9>&-
  else
    timeout "${manager_time:-30}" systemctl "$@" </dev/null 9>&-
  fi
}

# service_value NAME: a property of the unit; empty when systemd does not answer
service_value() { manager show --property="$1" --value -- "$unit" 2>/dev/null || true; }

# service_start: starts the unit, also when it waits to start again by itself; no process of the server runs before
service_start() {
  manager reset-failed -- "$unit" >/dev/null 2>&1 || true
  manager restart -- "$unit"
}

# service_runs: whether the unit has a process, or is about to start one
service_runs() {
  case $(service_value ActiveState) in active | activating | reloading | deactivating) ;; *) return 1 ;; esac
}

# service_end DIRECTORY: ends every process of the unit with SIGKILL, and an automatic start that is in progress. The caller has written
# the fence before, so that no later start succeeds. A failure of systemd is no proof of anything: the caller searches processes.
service_end() {
  service_of "$1" || return 0
  manager kill --signal=KILL -- "$unit" >/dev/null 2>&1 || true
  manager stop -- "$unit" >/dev/null 2>&1 || say "systemd did not stop $unit"
}

# service_stop DIRECTORY SECONDS: keeps systemd from starting the server, at boot too, and stops it; the caller searches processes
service_stop() {
  service_of "$1" || return 0
  manager disable -- "$unit" >/dev/null 2>&1 || say "systemd did not disable $unit"
  manager_time=$2
  manager stop -- "$unit" >/dev/null 2>&1 || true # after this time its job goes on, and no other one starts the unit
  manager_time=
}

# service_calm DIRECTORY: ends the unit's wait before a start; a server that runs is not stopped by this
service_calm() {
  service_of "$1" && service_runs || return 0
  manager stop -- "$unit" || fail "systemd did not stop $unit"
}

# service_forget DIRECTORY: removes the unit; a server that runs goes on
service_forget() {
  service_of "$1" || return 0
  manager disable -- "$unit" >/dev/null 2>&1 || true
  rm -f -- "$(units_of "$scope")/$unit" "$1/service.sh" "$1/service.peers"
  rm -f -- "$1/service"
  manager daemon-reload >/dev/null 2>&1 || true
}

# service_allow DIRECTORY: lets a former primary start now, and not at the next boot, without the answers of the other members
service_allow() {
  [ -f "$1/data/PG_VERSION" ] || return 0
  read -r its </proc/sys/kernel/random/boot_id
  read -r stat </proc/1/stat
  set -f
  at=$1
  # shellcheck disable=SC2086 # several words
  set -- ${stat##*) }
  set +f
  owner_of "$at"
  printf '%s %s\n' "$its" "${20}" | as "$owner" sh -c 'umask 077; cat >"$1"' sh "$at/run/start"
}

# units_of SCOPE: the folder of unit files
units_of() {
  if [ "$1" = user ]; then printf '%s\n' "${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user"; else echo /etc/systemd/system; fi
}

# in_service PID: whether the process belongs to the unit
in_service() {
  while IFS= read -r line; do
    case $line in *"/$unit" | *"/$unit/"*) return 0 ;; esac
  done <"/proc/$1/cgroup"
  return 1
} 2>/dev/null

# service_program DIRECTORY PROGRAM OPTIONS: what the unit starts: the program's path and its options, one per line
service_program() {
  owner_of "$1"
  printf '%s\n' "$2" ${3:+"$3"} | as "$owner" sh -c 'umask 077; cat >"$1.new" && mv -f -- "$1.new" "$1"' sh "$1/run/program"
}
