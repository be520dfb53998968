# Observes what servers need of a host before they exist: programs, rights, file systems, names, ports, connections to other hosts,
# limits, settings of the kernel and the clock. Changes nothing.
# programs: one program per line: name, whether its version is asked for (yes or no); separated by a tab, as all fields
# folders: one directory of a node per line: path, user of its server (empty: this user)
# names: names of hosts, which every host must resolve; ports: one port per line: address, port
# peers: ports of other hosts to connect to, one per line: address, port
# Records:
#   machine key                    the same for hosts that share their network; empty when unknown
#   clock at seconds               at: begin or end of this script
#   login user root                root: yes or no
#   account name state             a server's user: present or absent
#   folder path user nearest access search type free   nearest: the directory itself, or its first parent that exists; access: writable,
#                                  closed or read-only; search: open, closed or unknown, for the server's user; type of the file
#                                  system; free: KiB; both empty when unknown
#   program name path version      path: empty when not found; version: empty when unknown or not asked for
#   address name value             an address of a name; empty when there is none
#   port address port state        state: free or taken
#   link address port state reason state: connected, refused, blocked, unresolved or untested
#   setting name value             value: empty when unknown
begin_records host/preflight
record clock at begin seconds "$(date +%s.%N)"

boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null) || boot=
space=$(readlink /proc/self/ns/net 2>/dev/null) || space=
if [ -n "$boot" ] && [ -n "$space" ]; then record machine key "$boot $space"; else record machine key ''; fi

me=$(id -un)
if is_root; then root=yes; else root=no; fi
record login user "$me" root "$root"

# mounted DIRECTORY: sets type and mode (ro or rw) of its file system; empty when unknown
mounted() {
  place=$(cd -- "$1" 2>/dev/null && pwd -P) || place=$1
  found=$(PLACE=$place awk '
    BEGIN { at = ENVIRON["PLACE"] "/"; best = 0 }
    {
      point = $2; gsub(/\\040/, " ", point)
      if (point != "/") point = point "/"
      if (index(at, point) == 1 && length(point) >= best) { best = length(point); type = $3; mode = substr($4, 1, 2) }
    }
    END { print type, mode }' /proc/self/mounts 2>/dev/null) || found=
  type=${found%% *} mode=${found##* }
}

accounts=
while IFS="$tab" read -r folder account; do
  [ -n "$folder" ] || continue
  case $newline$accounts$newline in
    *"$newline$account$newline"*) ;;
    *)
      accounts=$accounts$newline$account
      if [ "$root" = yes ] && [ -n "$account" ]; then
        if id -u -- "$account" >/dev/null 2>&1; then record account name "$account" state present
        else record account name "$account" state absent
        fi
      fi ;;
  esac
  nearest=$folder
  while [ ! -d "$nearest" ] && [ "$nearest" != / ]; do
    nearest=${nearest%/*}
    [ -n "$nearest" ] || nearest=/
  done
  mounted "$nearest"
  if [ "$mode" = ro ]; then access=read-only
  elif [ -w "$nearest" ] && [ -x "$nearest" ]; then access=writable
  else access=closed
  fi
  search=open
  if [ "$root" = yes ] && [ -n "$account" ] && [ "$account" != "$me" ]; then
    if ! id -u -- "$account" >/dev/null 2>&1 || ! command -v runuser >/dev/null; then search=unknown
    elif ! as "$account" test -x "$nearest"; then search=closed
    fi
  fi
  free=$(df -Pk -- "$nearest" 2>/dev/null | awk 'NR == 2 && $4 ~ /^[0-9]+$/ {print $4}') || free=
  record folder path "$folder" user "$account" nearest "$nearest" access "$access" search "$search" type "$type" free "$free"
done <<END
$folders
END

# version_of PATH: the version that a program prints
version_of() {
  timeout 5 "$1" --version 2>/dev/null </dev/null | sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/\1/p' | head -n 1
}

while IFS="$tab" read -r name asked; do
  [ -n "$name" ] || continue
  found=$(command -v -- "$name") || found=
  case $found in /*) ;; *) found= ;; esac
  if [ "$asked" = no ] || [ -z "$found" ]; then
    record program name "$name" path "$found" version ''
    continue
  fi
  record program name "$name" path "$found" version "$(version_of "$found")"
  case $name in */*) continue ;; esac
  for other in /usr/lib/postgresql/*/bin/"$name"; do # several versions of a program next to each other
    if [ -x "$other" ] && [ "$other" != "$found" ]; then
      record program name "$name" path "$other" version "$(version_of "$other")"
    fi
  done
done <<END
$programs
END

# resolve NAME: prints the name with each of its addresses, a line each
resolve() {
  addresses=$(timeout 5 getent ahostsv4 "$1" 2>/dev/null | awk '!seen[$1]++ {print $1}') || addresses=
  [ -n "$addresses" ] || { printf '%s\t\n' "$1"; return 0; }
  for address in $addresses; do printf '%s\t%s\n' "$1" "$address"; done
}
resolved=$(for name in $names; do resolve "$name" & done; wait)
while IFS="$tab" read -r name address; do
  [ -z "$name" ] || record address name "$name" value "$address"
done <<END
$resolved
END

listening=$(listening)
while IFS="$tab" read -r address port; do
  [ -n "$port" ] || continue
  if port_taken "$address" "$port"; then state=taken; else state=free; fi
  record port address "$address" port "$port" state "$state"
done <<END
$ports
END

tool=
for program in bash perl; do
  if [ -z "$tool" ] && command -v "$program" >/dev/null; then tool=$program; fi
done
command -v timeout >/dev/null || tool=

# call ADDRESS PORT: connects to that port and closes the connection
call() {
  case $tool in
    bash) timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" ;;
    *) timeout 3 perl -MIO::Socket::INET -e '
        exit 0 if IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Proto => "tcp", Timeout => 2);
        print STDERR "$! $@"; exit 1' "$1" "$2" ;;
  esac
}

# probe ADDRESS PORT: prints address, port, state and reason of a connection
probe() {
  code=0
  why=$(call "$1" "$2" 2>&1 </dev/null) || code=$?
  case $code:$why in
    0:*) state=connected why= ;;
    124:* | 137:* | 143:*) state=blocked why='no answer within 2 s' ;;
    *refused*) state=refused why='connection refused' ;;
    *'ot known'* | *resol* | *'ddress associated'* | *'ad hostname'*) state=unresolved why='the name has no address' ;;
    *'o route'* | *nreachable* | *'imed out'*) state=blocked why=${why##*: } ;;
    *) state=untested ;;
  esac
  why=$(printf '%s' "$why" | tr '\t\n' '  ')
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$state" "$why"
}
calls=$(
  running=0
  while IFS="$tab" read -r address port; do
    [ -n "$port" ] || continue
    if [ -z "$tool" ]; then
      printf '%s\t%s\tuntested\tneither bash nor perl with timeout is installed\n' "$address" "$port"
      continue
    fi
    probe "$address" "$port" &
    running=$((running + 1))
    if [ "$running" = 64 ]; then
      wait
      running=0
    fi
  done <<END
$peers
END
  wait
)
while IFS="$tab" read -r address port state why; do
  [ -z "$port" ] || record link address "$address" port "$port" state "$state" reason "$why"
done <<END
$calls
END

# content FILE: sets value to the content of that file; empty when it cannot be read. A shell that reads one byte at a time would get
# only the first one of a number in /proc/sys.
content() { value=$(cat -- "$1" 2>/dev/null) || value=; }
for name in swappiness max_map_count overcommit_memory; do
  content "/proc/sys/vm/$name"
  record setting name "vm.$name" value "$value"
done
content /sys/kernel/mm/transparent_hugepage/enabled
case $value in
  *\[*\]*) value=${value#*\[} value=${value%%\]*} ;;
  *) value=; if [ -d /sys/kernel/mm ] && [ ! -e /sys/kernel/mm/transparent_hugepage ]; then value=unavailable; fi ;;
esac
record setting name transparent_hugepage value "$value"
swap=
if [ -r /proc/swaps ]; then
  swap=$(awk 'NR > 1 {found = 1} END {print found ? "yes" : "no"}' /proc/swaps)
fi
record setting name swap value "$swap"
# the limits of a server: Holdfast's scripts raise the soft limit of files to the hard one; threads count against the soft limit
record setting name nofile value "$(awk '/^Max open files/ {print $5}' /proc/self/limits 2>/dev/null)"
record setting name nproc value "$(awk '/^Max processes/ {print $3}' /proc/self/limits 2>/dev/null)"
flags=" $(awk -F: '/^(flags|Features)/ {print $2; exit}' /proc/cpuinfo 2>/dev/null) "
case $(uname -m):$flags in
  *:'  ') cpu= ;;
  x86_64:*' avx '*) cpu='with AVX' ;;
  x86_64:*) cpu='without AVX' ;;
  aarch64:*' atomics '*) cpu='with LSE atomics' ;;
  aarch64:*) cpu='without LSE atomics' ;;
  *) cpu=$(uname -m) ;;
esac
record setting name cpu value "$cpu"
record clock at end seconds "$(date +%s.%N)"
end_records
