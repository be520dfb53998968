# Breaks something, after its mend is on disk and somebody waits to say it.
# directory: the estate's folder; fault: this break's name; story: what it is, in a line
# Answers the moment of the break, by the host's clock: struck <seconds since 1970>
# mend, set: two whole programs; patience: seconds without a sign of the CLI before the mend is said without it
folder=$directory/.faults/$fault
mkdir -p -- "$folder"
printf '%s\n' "$story" >"$folder/story"
printf '%s' "$mend" >"$folder/mend"
echo 0 >"$folder/beat"
cat >"$folder/wait" <<'WAIT'
# Says the mend when nobody has renewed the beat for so many seconds; ends when the folder is gone.
cd /
left=$2
last=
while [ -d "$1" ]; do
  beat=$(cat "$1/beat" 2>/dev/null)
  if [ "$beat" = "$last" ]; then left=$((left - 1)); else left=$2; last=$beat; fi
  if [ $left -le 0 ]; then
    if sh -s <"$1/mend" >/dev/null 2>&1; then rm -rf -- "$1"; fi
    left=$2
  fi
  sleep 1
done
WAIT
sync -- "$folder/mend" "$folder/wait"
setsid -f sh "$folder/wait" "$folder" "$patience" </dev/null >/dev/null 2>&1
printf '%s' "$set" | sh -s
