# Injects a fault, after its revert is on disk and a process waits to execute it.
# directory: the estate's directory; fault: this fault's name; description: what it does, in one line
# Prints the time of the fault by the host's clock: injected <seconds since 1970>
# revert, inject: the revert and the injection, two complete programs; patience: seconds without a heartbeat before the host reverts by itself
folder=$directory/.faults/$fault
mkdir -p -- "$folder"
printf '%s\n' "$description" >"$folder/description"
printf '%s' "$revert" >"$folder/revert"
echo 0 >"$folder/beat"
cat >"$folder/wait" <<'WAIT'
# Executes the revert when no heartbeat arrived for that many seconds; ends when the directory is gone.
cd /
left=$2
last=
while [ -d "$1" ]; do
  beat=$(cat "$1/beat" 2>/dev/null)
  if [ "$beat" = "$last" ]; then left=$((left - 1)); else left=$2; last=$beat; fi
  if [ $left -le 0 ]; then
    if sh -s <"$1/revert" >/dev/null 2>&1; then rm -rf -- "$1"; fi
    left=$2
  fi
  sleep 1
done
WAIT
sync -- "$folder/revert" "$folder/wait"
setsid -f sh "$folder/wait" "$folder" "$patience" </dev/null >/dev/null 2>&1
printf '%s' "$inject" | sh -s
