# What scripts/bench.d/soak does to a MongoDB replica set. The caller has sourced lib.sh and writer.sh.
cluster=notes
example=replica-set
what_happens=(kill_all freeze stop wipe force alter start restart cut_from_cli cut_from_all killed)
happens_to_primaries=()

home_of() { echo "$work/estate/data/$1/notes/notes"; } # MEMBER
first_pid() { cat "$(home_of "$1")/run/pid" 2>/dev/null; } # MEMBER
stop() { # as a service manager does: SIGTERM, and SIGKILL to one that does not end
  local i
  signal TERM "$1"
  for ((i = 0; i < 200; i++)); do
    is_alive "$1" || return 0
    sleep 0.1
  done
  signal KILL "$1"
}
is_alive() { local all; mapfile -t all < <(pids "$1"); ((${#all[@]} > 0)) && ! grep -q '^State:.Z' "/proc/${all[0]}/status" 2>/dev/null; }
start() { # by hand, as a person does who knows where the configuration is
  ! is_alive "$1" || return 0
  local home
  local -a as=()
  home=$(home_of "$1")
  [[ $(id -u) != 0 ]] || as=(runuser -u mongodb --)
  setsid "${as[@]}" sh -c 'echo $$ >"$1"; shift; exec "$@"' by-hand "$home/run/pid" "$binaries/mongod" -f "$home/mongod.conf" </dev/null >/dev/null 2>&1 &
  disown # the shell says nothing when it is killed
}

# by_hand MEMBER WORD...: what a person does with a shell of MongoDB, on the member's host
by_hand() {
  local member=$1
  shift
  timeout 20 java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$work/by-hand:$app/holdfast.jar:$app/lib/*" \
    MongoByHand "$password" "${address[$member]}" "$@" 2>/dev/null || true
}
primary_now() { # MEMBER...: by asking the servers, for Holdfast may be cut off
  local each all=()
  for each in "${members[@]}"; do all+=("${address[$each]}=$each"); done
  by_hand m1 primary "${all[@]}"
}
# A configuration that has this member alone, forced by hand: what a stray promotion is for PostgreSQL.
force() { did "$1" force; }
# alter: what people change by hand without the file
alter() {
  local other
  one_of m1 m2 m3
  other=$picked
  one_of votes priority concern parameter
  case $picked in
    votes | priority) did "$1" "$picked" "${address[$other]}" ;;
    *) did "$1" "$picked" ;;
  esac
}
did() { # MEMBER WORD...: notes what came of it with the event
  local came
  came=$(by_hand "$@")
  events[-1]+="(${*:2}: $(head -n 1 <<<"$came" | cut -c 1-40))"
}

open_entrance() { # the writer at the entrance
  binaries=$(dirname "$(readlink -f "/proc/$(cat "$(home_of m1)/run/pid")/exe")")
  password=$(cat "$HOLDFAST_HOME/notes/secrets/notes.admin")
  mkdir -p "$work/by-hand"
  [[ -e $work/by-hand/MongoByHand.class ]] || javac -cp "$app/holdfast.jar:$app/lib/*" -d "$work/by-hand" "$root/scripts/bench.d/MongoByHand.java"
  writer_start "mongodb://holdfast:$password@$(printf '%s:27017\n' "${address[m1]}" "${address[m2]}" "${address[m3]}" | paste -sd,)/?authSource=admin&replicaSet=notes" - -
}

# A refusal says up to when the survivor has everything, and how many seconds after that may be lost.
consented_span() {
  local says from seconds
  [[ -n $consent ]] || return 0
  says=$(grep -oE 'has everything up to [0-9TZ:-]+ .*writes acknowledged in the [0-9]+ s after' "$consent" | tail -n 1)
  [[ -n $says ]] || return 0
  from=$(date -u -d "$(grep -oE '[0-9-]+T[0-9:]+Z' <<<"$says" | head -n 1)" +%s)
  seconds=$(grep -oE 'in the [0-9]+ s after' <<<"$says" | grep -oE '[0-9]+')
  echo "${from}000 $((from + seconds + 1))000" # the clock of servers counts whole seconds
}
