# Functions for processes. What a host hides reads as hidden, never as gone: /proc can hide other users' processes (hidepid), and
# without CAP_SYS_PTRACE root reads neither directory nor program of another user's process. The owner of a server's files can, so
# uncertain checks run as the owner. The kernel's locks show servers whose processes are not found.

# sees_all: whether this user sees the processes of all users
sees_all() {
  caps=
  while read -r title caps others; do [ "$title" != CapEff: ] || break; done </proc/self/status
  case $caps in *[89a-f]????) ;; *) return 1 ;; esac
}

# owner_of DIRECTORY: sets owner to the owner of the server's files
owner_of() {
  owner=
  for place in "$1/data" "$1/run" "$1"; do
    [ ! -d "$place" ] || { owner=$(stat -L -c %U -- "$place"); return 0; }
  done
  owner=$(id -un)
}

# may_be_of DIRECTORY PID: whether root, this user or the owner of the server's files has started that process. Another user can give
# a process of its own any command line, and could make it look like the server there.
may_be_of() {
  its_id= my_id=
  { while read -r title its_id others; do [ "$title" != Uid: ] || break; done <"/proc/$2/status"; } 2>/dev/null || return 1
  while read -r title my_id others; do [ "$title" != Uid: ] || break; done </proc/self/status
  case $its_id in 0 | "$my_id") return 0 ;; esac
  for owned in "$1/data" "$1/run" "$1"; do [ ! -d "$owned" ] || break; done
  [ "$its_id" = "$(stat -L -c %u -- "$owned" 2>/dev/null)" ]
}

only= # the only program that belongs accepts; empty: any server

# belongs here|away DIRECTORY PID WORD...: whether a process with that command line is the server with its files in that
# directory; here: it works in the data directory. A tail of its log, a shell in its directory or another node's server does not count.
belongs() {
  place=$1 home=$2 its=/proc/$3/cwd
  shift 3
  case $1 in
    'postgres: '*) [ "$place" = here ]; return ;;
    postgres | postmaster | */postgres | */postmaster) [ "$place" != here ] || return 0 ;;
    mongod | mongos | haproxy | pgbouncer | pgbackrest | etcd) ;;
    */mongod | */mongos | */haproxy | */pgbouncer | */pgbackrest | */etcd) ;;
    python3* | */python3*) case ${2:-} in patroni | */patroni) ;; *) return 1 ;; esac ;;
    *) return 1 ;;
  esac
  case ${1##*/} in "$only"*) ;; *) return 1 ;; esac
  shift
  for word in "$@"; do
    case $word in *=/*) word=/${word#*=/} ;; -[Df]?*) word=${word#-?} ;; -* | '') continue ;; esac
    case $word in /*) ;; *) word=$its/$word ;; esac
    case ${word%/*} in "$home" | "$home/conf") return 0 ;; esac
    [ ! "$word" -ef "$home/data" ] || return 0
    if [ "${word%/*}" -ef "$home" ] || [ "${word%/*}" -ef "$home/conf" ]; then return 0; fi
  done
  return 1
}

# split DIRECTORY PID PLACE TEXT: as belongs, for words that are separated by tabs
split() {
  set -f
  saved=$IFS
  IFS=$tab
  # shellcheck disable=SC2086 # several words
  set -- "$3" "$1" "$2" $4
  IFS=$saved
  set +f
  [ $# -gt 3 ] && belongs "$@"
}

# started PID: sets started to the start time of that process by the kernel's clock; empty when it is gone or hidden
started() {
  started= stat=
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  set -f
  # shellcheck disable=SC2086 # several words
  set -- ${stat##*) }
  set +f
  started=${20}
}

# knows PID DIRECTORY: whether that process exists, is no zombie and is the server of that directory; 1: no; 2: unknown, and $unseen
# contains the reason
knows() {
  case $1 in '' | *[!0-9]*) return 1 ;; esac
  stat= words=
  if { read -r stat <"/proc/$1/stat"; } 2>/dev/null; then
    case ${stat##*) } in Z* | X*) ending=yes; return 1 ;; esac
    { read -r words <"/proc/$1/cmdline"; } 2>/dev/null || true # without separators
    case $words in
      */postgres-D"$2"/data-c*) if [ ! -e "/proc/$1/cwd" ] || [ "/proc/$1/cwd" -ef "$2/data" ]; then may_be_of "$2" "$1"; return; fi ;;
      *mongo[ds]-f"$2"/mongo[ds].conf | *mongod-f"$2"/restore.conf | *haproxy-D-f"$2"/conf/haproxy.cfg*) may_be_of "$2" "$1"; return ;;
      *pgbouncer-d-q"$2"/conf/pgbouncer.ini | *pgbackrest--config="$2"/conf/server.confserver) may_be_of "$2" "$1"; return ;;
      *etcd--config-file="$2"/conf/etcd.conf | *python3*/patroni"$2"/conf) may_be_of "$2" "$1"; return ;;
      *postgres* | *postmaster*) [ -e "/proc/$1/cwd" ] || stat= ;;
    esac
    place=away
    [ ! "/proc/$1/cwd" -ef "$2/data" ] || place=here
    words=$(tr '\0' '\t' <"/proc/$1/cmdline" 2>/dev/null) || true
    if split "$2" "$1" "$place" "$words"; then may_be_of "$2" "$1"; return; fi
    [ -z "$stat" ] || return 1
  else
    case $(kill -0 "$1" 2>&1) in *'o such process'*) return 1 ;; esac
  fi
  owner_of "$2"
  code=0
  words=$(as "$owner" sh -c 'kill -0 "$1" || exit 3
    read -r stat <"/proc/$1/stat" || exit 4
    case ${stat##*) } in Z* | X*) echo Z; exit 0 ;; esac
    [ -r "/proc/$1/cwd" ] || exit 4
    place=away; [ ! "/proc/$1/cwd" -ef "$2/data" ] || place=here
    printf "%s\t" "${stat##*) }" "$place"; tr "\0" "\t" <"/proc/$1/cmdline"' sh "$1" "$2" 2>/dev/null) || code=$?
  case $code:$words in
    3:*) return 1 ;; # another user's process
    0:Z*) ending=yes; return 1 ;;
    0:*) words=${words#*"$tab"}; split "$2" "$1" "${words%%"$tab"*}" "${words#*"$tab"}" || return 1 ;;
    *) unseen="process $1 is hidden from $(id -un): Holdfast does not know whether this process is the server of $2"; return 2 ;;
  esac
}

# alive PID DIRECTORY: whether that process exists, is no zombie and is the server of that directory; ends the script when that is
# unknown
alive() {
  code=0
  knows "$1" "$2" || code=$?
  [ "$code" != 2 ] || fail "$unseen"
  return "$code"
}

# is_frozen PID: whether that process is stopped until it gets SIGCONT
is_frozen() {
  stat=
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  case ${stat##*) } in T*) ;; *) return 1 ;; esac
}

# attached DIRECTORY: sets attached to the number of processes that use the shared memory of the PostgreSQL server there, hidden
# ones too: a backend can outlive its postmaster. The key is the data directory's inode, unless another server used that one first.
attached() {
  attached=0
  [ -f "$1/data/PG_VERSION" ] || return 0
  first= segment= lines=0
  while [ "$lines" -lt 7 ] && read -r line; do
    lines=$((lines + 1))
    case $lines in 1) first=$line ;; 7) segment=${line##* } ;; esac
  done <<END
$(head -n 7 -- "$1/data/postmaster.pid" 2>/dev/null || true)
END
  found=$(stat -L -c '%i %u' -- "$1/data" | FIRST=$first SEGMENT=$segment awk '
    NR == FNR {key = $1 % 4294967296; if (key >= 2147483648) key -= 4294967296; user = $2; next}
    $7 > 0 && $8 == user {
      if (ENVIRON["SEGMENT"] != "" && $2 == ENVIRON["SEGMENT"] && $5 == ENVIRON["FIRST"]) print $7, "-"
      else if ($1 == key) print $7, $5
    }' - /proc/sysvipc/shm) || fail "the shared memory of servers (/proc/sysvipc/shm) cannot be read"
  while read -r number maker; do
    [ -n "$number" ] || continue
    case $maker in
      -) ;;
      *) # of another server on another file system
        if [ -e "/proc/$maker/cwd" ] && [ ! "/proc/$maker/cwd" -ef "$1/data" ]; then continue; fi
        line=
        { read -r line <"/proc/$maker/cmdline"; } 2>/dev/null || true
        case $line in */postgres-D"$1"/data*) ;; */postgres-D*) continue ;; esac ;;
    esac
    attached=$((attached + number))
  done <<END
$found
END
}

# held DIRECTORY: whether the kernel shows a running server there although its pid file does not; $pid is its process if that is
# visible, and $unseen contains the reason if not
held() {
  pid= unseen=
  lock=$1/data/mongod.lock
  if [ -s "$lock" ]; then # empty after a normal shutdown
    code=0
    { flock -n -s -E 9 8; } 2>/dev/null 8<"$lock" || code=$? # never created: it may be a link
    case $code in
      0) return 1 ;;
      9) ;;
      *) unseen="$lock cannot be opened, and Holdfast does not know whether a server holds this lock"; return 0 ;;
    esac
    read -r pid <"$lock" || true
    ! knows "$pid" "$1" || return 0
    words=
    { read -r words <"/proc/$pid/cmdline"; } 2>/dev/null || true
    case $words in *mongod-*) return 0 ;; esac # with its own files elsewhere
    unseen="a server holds $lock and its process${pid:+, $pid by that file,} is not seen"
    pid=
    return 0
  fi
  attached "$1"
  [ "$attached" -gt 0 ] || return 1
  unseen="$attached processes of an earlier server still use the shared memory of $1/data"
}

# look_at PIDFILE DIRECTORY: sets process to up, down or unknown, pid to the first process of the server there, and unseen to the
# reason for unknown; ending: the process was killed, and its resources are released at any moment
look_at() {
  pid= unseen= process=down ending= attached=0
  { read -r pid <"$1"; } 2>/dev/null || true
  step=$1
  while [ -n "$step" ] && [ ! -e "$step" ]; do step=${step%/*}; done
  if [ "$step" = "$1" ]; then [ -r "$1" ]; else [ -x "${step:-/}" ]; fi || {
    process=unknown unseen="$(id -un) has no access to ${step:-/}"
    return 0
  }
  code=0
  knows "$pid" "$2" || code=$?
  case $code in
    0) process=up ;;
    2) process=unknown ;;
    *) was=$pid
      if ! held "$2" || [ -n "$ending" ] && [ "$attached" = 0 ]; then pid=$was
      elif [ -n "$unseen" ]; then process=unknown pid=$was
      else process=up
      fi ;;
  esac
}

# must_be_stopped PIDFILE DIRECTORY: ends the script unless no server runs there
must_be_stopped() {
  look_at "$1" "$2"
  tries=100
  while [ "$process" != up ] && [ -n "$ending$unseen" ] && [ "$tries" -gt 0 ] && held "$2"; do
    tries=$((tries - 1))
    sleep 0.1
    look_at "$1" "$2"
  done
  [ "$process" != up ] || fail "the server runs in $2 (process $pid)"
  [ "$process" != unknown ] || fail "$unseen"
  [ -z "$ending" ] || ! held "$2" || fail "process $pid of $2 was ended and has not exited yet"
}

# Prints the processes of a directory that root, this user or the owner of its files has started: pid, parent, whether they work in
# its data directory, command line.
peek='real=$(cd -- "$1" 2>/dev/null && pwd -P) || real=$1
  named=$(grep -lasF -e "$1/" -e "$real/" /proc/[0-9]*/cmdline)
  directory=$1 mine=$(id -u) its=
  for part in "$1/data" "$1/run" "$1"; do [ ! -d "$part" ] || { its=$(stat -L -c %u -- "$part"); break; }; done
  for p in /proc/[0-9]*; do
    place=away
    [ ! "$p/cwd" -ef "$directory/data" ] || place=here
    case $place$named in here* | *"$p/cmdline"*) ;; *) continue ;; esac
    user=
    { while read -r title user others; do [ "$title" != Uid: ] || break; done <"$p/status"; } 2>/dev/null || continue
    case $user in 0 | "$mine" | "$its") ;; *) continue ;; esac
    { read -r stat <"$p/stat"; } 2>/dev/null || continue
    set -- ${stat##*) }
    case $1 in Z | X) continue ;; esac
    printf "%s\t" "${p#/proc/}" "$2" "$place"
    tr "\0\n" "\t " <"$p/cmdline" 2>/dev/null
    echo
  done'

# processes_in DIRECTORY [PROGRAM]: the processes of the server there, the parent of the others first; fails when they are not
# visible, or when the kernel shows a server and no process is found. Use as $(processes_in) only.
processes_in() {
  only=${2:-}
  owner_of "$1"
  if sees_all; then owner=$(id -un); fi
  seen=$(as "$owner" sh -c "$peek" peek "$1" 2>/dev/null && echo all) || true
  case $seen in all | *"${newline}all") ;; *) fail "$(id -un) cannot see the processes of $owner" ;; esac
  seen=$(printf '%s\n' "${seen%all}" | while IFS=$tab read -r p parent place words; do
    if [ -n "$p" ] && split "$1" "$p" "$place" "$words"; then printf '%s %s\n' "$p" "$parent"; fi
  done)
  if [ -z "$seen" ]; then
    tries=20
    while ending= attached=0; held "$1"; do
      [ -n "$unseen" ] || { printf '%s\n' "$pid"; return 0; }
      if [ -n "$ending" ] && [ "$attached" = 0 ]; then return 0; fi
      [ "$tries" -gt 0 ] || fail "$unseen"
      tries=$((tries - 1))
      sleep 0.1
    done
    return 0
  fi
  printf '%s\n' "$seen" | awk '{ parent[$1] = $2; order[NR] = $1 }
    END { for (i = 1; i <= NR; i++) if (!(parent[order[i]] in parent)) print order[i]
          for (i = 1; i <= NR; i++) if (parent[order[i]] in parent) print order[i] }'
}

# running_in DIRECTORY: as processes_in, for a server that must run
running_in() {
  running=$(processes_in "$1")
  [ -n "$running" ] || fail "no process of a server is found in $1"
  printf '%s\n' "$running"
}

# of_process DIRECTORY PID WORDS: the output of a line of shell about a process of the server there, whose directory in /proc is $1.
# The process's user runs it if this user has no access. Empty for a process that has ended; fails when the process is hidden.
of_process() {
  whose=$(stat -c %U -- "/proc/$2" 2>/dev/null) || { owner_of "$1"; whose=$owner; }
  if sees_all; then whose=$(id -un); fi
  as "$whose" sh -c "$3" of "/proc/$2" 2>/dev/null && return 0
  case $(as "$whose" sh -c '{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || kill -0 "$1"
    case ${stat:-} in *") Z"* | *") X"*) echo no such process ;; esac' sh "$2" 2>&1) in
    *'o such process'*) return 0 ;;
  esac
  fail "$(id -un) cannot see process $2 of $1"
}

# words_of DIRECTORY PID: the command line of a process of the server there, one word per line
words_of() { of_process "$1" "$2" 'tr "\0" "\n" <"$1/cmdline"'; }

# sockets_in DIRECTORY: the inodes of the sockets of the server there
sockets_in() {
  [ -n "$1" ] || return 0
  running=$(processes_in "$1")
  for p in $running; do
    opened=$(of_process "$1" "$p" 'ls -l "$1/fd"')
    printf '%s\n' "$opened" | sed -n 's/.*socket:\[\([0-9]*\)\].*/\1/p'
  done
}

# remember DIRECTORY PID NAME: writes the start command of that process to NAME.user, NAME.program and NAME.words. The user is the real
# one: every user can give a program with the set-user-id bit of root the command line of a server, and root would run it again.
remember() {
  owner_of "$1"
  whose=
  { while read -r title whose others; do [ "$title" != Uid: ] || break; done <"/proc/$2/status"; } 2>/dev/null || whose=
  whose=$(id -un -- "$whose" 2>/dev/null) || whose=$owner
  as "$whose" cat -- "/proc/$2/cmdline" >"$3.words"
  program=$(as "$whose" readlink -- "/proc/$2/exe") || program=$(tr '\0' '\n' <"$3.words" | head -n 1)
  program=${program% (deleted)}
  [ -x "$program" ] || fail "$(id -un) cannot see the program of process $2"
  printf '%s\n' "$program" >"$3.program"
  printf '%s\n' "$whose" >"$3.user"
}
