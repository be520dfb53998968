# What the parts of scripts/bench share: timing whole commands, medians, ratios.

# seconds COMMAND...: the duration of a command; its output is printed only when it fails, which ends this bench
seconds() {
  local begin=$EPOCHREALTIME end status=0 said
  said=$(mktemp /tmp/hfsaid.XXXXXX)
  "$@" >"$said" 2>&1 || status=$?
  end=$EPOCHREALTIME
  if ((status)); then
    echo "failed with $status: $*" >&2
    tail -n 20 "$said" >&2
  fi
  rm -f "$said"
  if ((status)); then kill -TERM $$; exit 1; fi
  awk -v a="$begin" -v b="$end" 'BEGIN {printf "%.3f", b - a}'
}

# median NUMBER...
median() { printf '%s\n' "$@" | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }

# row WHAT VALUE COMPARED-WITH RATIO AIM
row() { printf '%-44s %10s   %-34s %8s   %s\n' "$1" "$2" "$3" "$4" "$5"; }

# own_estate EXAMPLE FOLDER: a copy of an example with its own loopback addresses and directory
own_estate() {
  local network=127.$((RANDOM % 200 + 30)).$((RANDOM % 200 + 10)).
  mkdir -p "$2"
  chmod 755 "$2"
  cp -r "$root/examples/$1/." "$2/"
  sed -i -e '/^directory:/d' -e "s/127\.0\.1\./$network/g" -e "s|^name:.*|&\ndirectory: $2/data|" -e "s|/var/lib/holdfast/backup|$2/backup|" "$2/topology.yaml"
}

# json PATH...: the values at these paths of each document on standard input, see bench.d/Json.java. A machine that can build Holdfast
# can run it: no other reader of JSON is needed.
json() {
  java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$root/cli/target/app/$(<"$root/cli/target/app/current")/lib/*" \
    "$root/scripts/bench.d/Json.java" "$@"
}

# peak_of PID: the peak memory of that process in MiB, as the kernel records it, read until the process ends
peak_of() {
  local peak=0 key value others
  while [[ -r /proc/$1/status ]]; do
    while read -r key value others; do
      if [[ $key == VmHWM: ]]; then peak=$value; fi
    done 2>/dev/null <"/proc/$1/status" || true
    sleep 0.2
  done
  echo $((peak / 1024))
}
