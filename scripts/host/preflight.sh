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
orphan=$(sleep 0.1 >/dev/null 2>&1 & echo $!)

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
    elif as "$account" test -x "$nearest"; then :
    # Holdfast itself opens a directory that it has made, such as that of a member of an earlier version
    elif [ ! -f "$nearest/holdfast.node" ] || ! as "$account" test -x "${nearest%/*}"; then search=closed
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

# perl connects to all ports at once, and its time limit does not count the start of a process on a busy host
calls_of_perl='
  sub judge {
    my ($peer, $error) = @_;
    local $! = $error;
    my $state = !$error ? "connected" : $error == ECONNREFUSED ? "refused"
      : $error == EHOSTUNREACH || $error == ENETUNREACH || $error == ETIMEDOUT ? "blocked" : "untested";
    print join("\t", @$peer[1, 2], $state, $error ? lc "$!" : ""), "\n";
  }
  my %open;
  for my $line (split /\n/, $ENV{PEERS}) {
    my ($address, $port) = split /\t/, $line;
    next unless $port;
    my $ip = inet_aton($address);
    if (!$ip) { print "$address\t$port\tunresolved\tthe name has no address\n"; next }
    socket(my $socket, PF_INET, SOCK_STREAM, 0) or die "$!\n";
    fcntl($socket, F_SETFL, O_NONBLOCK);
    my $peer = [$socket, $address, $port];
    if (connect($socket, sockaddr_in($port, $ip))) { judge($peer, 0) }
    elsif ($! == EINPROGRESS) { $open{fileno $socket} = $peer }
    else { judge($peer, $! + 0) }
  }
  for (my ($end, $late) = (time + 3, 0); %open && !$late;) {
    $late = time > $end;
    my $ready = "";
    vec($ready, $_, 1) = 1 for keys %open;
    next if select(undef, $ready, undef, $late ? 0 : 0.2) <= 0;
    for my $number (grep { vec($ready, $_, 1) } keys %open) {
      my $peer = delete $open{$number};
      judge($peer, unpack("i", getsockopt($peer->[0], SOL_SOCKET, SO_ERROR)));
    }
  }
  print "$_->[1]\t$_->[2]\tblocked\tno answer within 3 s\n" for values %open;'

# probe ADDRESS PORT: prints address, port, state and reason of a connection by bash
probe() {
  code=0
  why=$(timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" 2>&1 </dev/null) || code=$?
  case $code:$why in
    0:*) state=connected why= ;;
    124:* | 137:* | 143:*) state=blocked why='no answer within 3 s' ;;
    *refused*) state=refused why='connection refused' ;;
    *'ot known'* | *resol* | *'ddress associated'*) state=unresolved why='the name has no address' ;;
    *'o route'* | *nreachable* | *'imed out'*) state=blocked why=${why##*: } ;;
    *) state=untested ;;
  esac
  why=$(printf '%s' "$why" | tr '\t\n' '  ')
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$state" "$why"
}

# each_peer COMMAND: runs it with address and port of each peer, all at once
each_peer() {
  while IFS="$tab" read -r address port; do
    [ -z "$port" ] || "$1" "$address" "$port" &
  done <<END
$peers
END
  wait
}
no_probe() { printf '%s\t%s\tuntested\tneither perl nor bash with timeout is installed\n' "$1" "$2"; }

calls=
if [ -z "$peers" ]; then :
elif command -v perl >/dev/null && command -v timeout >/dev/null; then
  calls=$(PEERS=$peers timeout 10 perl -MSocket -MFcntl -MErrno=:POSIX -e "$calls_of_perl") || calls=
elif command -v bash >/dev/null && command -v timeout >/dev/null; then calls=$(each_peer probe)
else calls=$(each_peer no_probe)
fi
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
# an ended process without a parent remains where the first process, of a container for example, does not wait for it
reaping= tries=50
while [ "$tries" -gt 0 ]; do
  tries=$((tries - 1))
  stat=
  { read -r stat <"/proc/$orphan/stat"; } 2>/dev/null || { reaping=yes; break; }
  case ${stat##*) } in Z* | X*) reaping=no ;; esac
  sleep 0.1
done
record setting name reaping value "$reaping"
record clock at end seconds "$(date +%s.%N)"
end_records
