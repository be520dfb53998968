# The preamble of every script: the search path of server programs, and functions that all scripts share. After it follow the
# functions for processes (processes.sh), and those of the script's own directory, from a file of the same name there.
# Probes run often, so functions that a probe uses start no program where the shell suffices.
set -eu
umask 022
cd / # a login starts in a home directory that a server's user may have no access to, and HAProxy does not start there
newest_first=
for dir in /usr/lib/postgresql/*/bin; do newest_first=$dir${newest_first:+:$newest_first}; done
PATH=$PATH:$newest_first:/usr/local/sbin:/usr/sbin:/sbin
newline='
'
tab='	'
export PATH LC_ALL=C

# say WORDS: prints one line to standard error
say() { printf '%s\n' "$*" >&2; }

# fail WORDS: ends with code 1 and a reason
fail() { say "$*"; exit 1; }

# server_user PROGRAM: the operating system user of a server: one that is not root
server_user() {
  case $1 in
    postgres) ! is_root || { echo postgres; return; } ;;
    mongod | mongos) ! is_root || { echo mongodb; return; } ;;
  esac
  id -un
}

# is_root: whether this runs as root
is_root() {
  euid=
  while read -r title uid euid others; do [ "$title" != Uid: ] || break; done </proc/self/status
  [ "$euid" = 0 ]
}

# as USER COMMAND...: runs a command as that user, without a prompt
as() {
  user=$1; shift
  if [ "$user" = "$(id -un)" ]; then "$@"; else runuser -u "$user" -- "$@"; fi
}

# become USER COMMAND...: continues as that command of that user. Unlike after "as", the command is this process, so the process that
# has started this one can wait for the command.
become() {
  next=$1
  shift
  [ "$next" != "$(id -un)" ] || exec "$@"
  exec setpriv --reuid "$next" --regid "$(id -g -- "$next")" --init-groups -- "$@"
}

# there PATH: whether the path exists; ends the script when that is unknown, as on a mount whose server is lost
there() {
  [ ! -e "$1" ] || return 0
  why=$(ls -d -- "$1" 2>&1 >/dev/null) && return 0
  case $why in *'No such file or directory') return 1 ;; esac
  fail "$why"
}

# holds FILE TEXT: whether the file is readable and contains that text; empty lines at the end do not count
holds() {
  whole=
  { while IFS= read -r line || [ -n "$line" ]; do whole=$whole$line$newline; done <"$1"; } 2>/dev/null || return 1
  while case $whole in *"$newline") ;; *) false ;; esac; do whole=${whole%"$newline"}; done
  while case $2 in *"$newline") ;; *) false ;; esac; do set -- "$1" "${2%"$newline"}"; done
  [ "$whole" = "$2" ]
}

# put NAME MODE OWNER CONTENT: writes that file in $directory/conf atomically; a file that is already correct is unchanged
put() {
  if holds "$directory/conf/$1" "$4" && [ "$(stat -c '%a %U' -- "$directory/conf/$1")" = "$2 $3" ]; then return 0; fi
  draft=$(mktemp -- "$directory/conf/.$1.XXXXXX")
  chmod -- "$2" "$draft"
  chown -- "$3" "$draft"
  printf '%s\n' "$4" >"$draft"
  sync -- "$draft"
  mv -f -- "$draft" "$directory/conf/$1"
}

# last_line FILE: sets last to the last line of that file; empty when the file is missing or cannot be read. Other functions use the
# same names, so a script reads the line before it calls another one.
last_line() {
  last=
  { while IFS= read -r line || [ -n "$line" ]; do last=$line; done <"$1"; } 2>/dev/null || true
}

# first_line FILE: sets first to the first line of that file; empty when the file is missing or cannot be read
first_line() {
  first=
  { IFS= read -r first <"$1"; } 2>/dev/null || true
}

# is_vacant DIRECTORY: whether the directory is missing, or contains only what a new file system has or a killed mark_ours left
is_vacant() {
  [ -d "$1" ] || return 0
  case $(ls -A -- "$1" 2>/dev/null) in '' | lost+found | holdfast.node.new | "holdfast.node.new${newline}lost+found") ;; *) return 1 ;; esac
}

# mark_ours DIRECTORY MARK: creates a node's directory atomically, or takes an empty one, such as a mounted volume
mark_ours() {
  [ ! -f "$1/holdfast.node" ] || return 0
  if [ -d "$1" ]; then
    is_vacant "$1" || fail "$1 is not empty and has no mark of this cluster"
    printf '%s\n' "$2" >"$1/holdfast.node.new"
    mv -f -- "$1/holdfast.node.new" "$1/holdfast.node"
    return 0
  fi
  mkdir -p -- "$(dirname -- "$1")"
  rm -rf -- "$1.holdfast-new"
  mkdir -- "$1.holdfast-new"
  printf '%s\n' "$2" >"$1.holdfast-new/holdfast.node"
  mv -T -- "$1.holdfast-new" "$1"
}

# node_folder USER FOLDER...: creates a node's directory, $directory, marked as ours with $mark, and in it directories for that user only.
# The directory itself and conf belong to the user of this script: a server's user who could replace their contents could read or
# redirect what root writes there.
node_folder() {
  whose=$1
  shift
  mark_ours "$directory" "$mark"
  own_directory 0755
  mkdir -p -- "$directory/conf"
  chown -- "$me" "$directory/conf"
  for folder in "$@"; do
    mkdir -p -m 0700 -- "$directory/$folder"
    chown -- "$whose" "$directory/$folder"
  done
}

# own_directory MODE: gives $directory to this user ($me), with that mode, unless another user has put links there
own_directory() {
  me=$(id -un)
  before=$(stat -c %u -- "$directory")
  chown -- "$me" "$directory" # first, so that no link can appear after the check
  chmod -- "$1" "$directory"
  links=$(find "$directory" "$directory/conf" -maxdepth 1 -type l ! -user "$me" 2>/dev/null || true)
  if [ -n "$links" ]; then
    chown -- "$before" "$directory" # what is not in order remains a difference
    fail "these links were not made by $me, but $me would follow them: $(printf '%s' "$links" | tr '\n' ' ')"
  fi
}

# output_to FILE COMMAND...: runs a command as $user; that user opens the file, because the user could put a link in its directory
output_to() {
  output=$1
  shift
  as "$user" sh -c 'output=$1; shift; [ ! -L "$output" ] || rm -f -- "$output"; exec "$@" >"$output" 2>&1' sh "$output" "$@"
}

# put_as USER FILE MODE: writes standard input to that file atomically, in a directory of that user; this user follows no link there
put_as() {
  as "$1" sh -c 'umask 077; rm -f -- "$1.new"; cat >"$1.new" && chmod -- "$2" "$1.new" && sync -- "$1.new" && mv -f -- "$1.new" "$1"' \
    sh "$2" "$3"
}

# alone SECONDS: locks $directory against other scripts until this one ends; a running one has this long to end
alone() {
  exec 9>>"$directory/.lock"
  flock -w "$1" 9 || fail "another script still works in $directory"
}

# listening: the sockets that are listened on, as ADDRESS:PORT; 0.0.0.0 means all addresses; use as $(listening) only.
# They come first in the kernel's files; the kernel needs time to list the others. A long file is read in pieces, and a listening
# socket can be missed between two pieces while sockets change, so the file is read twice.
listening() {
  exec awk '
    function number(hex, i, n) {
      for (i = 1; i <= length(hex); i++) n = n * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1
      return n + 0
    }
    function dotted(hex) {
      return number(substr(hex, 7, 2)) "." number(substr(hex, 5, 2)) "." number(substr(hex, 3, 2)) "." number(substr(hex, 1, 2))
    }
    function show(file, at) {
      getline <file # its titles
      while ((getline <file) > 0 && $4 == "0A") {
        if (split($2, at, ":") != 2) continue
        if (at[1] ~ /^0+$/) print "0.0.0.0:" number(at[2])
        else if (length(at[1]) == 8) print dotted(at[1]) ":" number(at[2])
        else if (at[1] ~ /^0000000000000000FFFF0000/) print dotted(substr(at[1], 25)) ":" number(at[2])
      }
      close(file)
    }
    BEGIN { for (pass = 1; pass <= 2; pass++) { show("/proc/net/tcp"); show("/proc/net/tcp6") } }'
}

# port_taken ADDRESS PORT: whether a process listens there, according to $listening
port_taken() {
  case $1 in
    *[!0-9.]*) at=$(getent ahostsv4 "$1" 2>/dev/null | awk 'NR==1{print $1}') ;;
    *) at=$1 ;;
  esac
  case $newline$listening$newline in *"${newline}0.0.0.0:$2$newline"* | *"$newline$at:$2$newline"*) return 0 ;; esac
  return 1
}

# injected: prints the time at which a fault was injected
injected() { printf 'injected %s\n' "$(date +%s.%N)"; }
