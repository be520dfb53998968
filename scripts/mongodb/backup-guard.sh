# Guards a member that is locked for a backup. After the CLI has ended, the guard ends the member's process, which also ends
# the lock, and starts the process again with the same command line. All its data is on disk, because it was locked.
# directory: the member's directory; estate: the directory whose lock the CLI holds while it runs
# owner: the entry of that CLI in the lock's owner file
guard=$directory/.copying

# lives: the CLI still holds its lock; an unclear reply of the lock file counts as yes
lives() {
  [ "$(cat -- "$estate/.lock.owner" 2>/dev/null)" = "$owner" ] || return 1
  ! flock -n -s -E 9 "$estate/.lock" true 2>/dev/null
}

cd /
while [ -e "$guard" ]; do
  if lives; then sleep 1; continue; fi
  copying= since=
  { read -r copying since <"$guard.pid"; } 2>/dev/null || true
  started "${copying:-0}"
  if [ -n "$since" ] && [ "$started" = "$since" ]; then kill -TERM -- "-$copying" 2>/dev/null || kill -TERM "$copying" 2>/dev/null || true; fi
  exec 9>>"$directory/.lock"
  flock -w 60 9 || true
  [ -e "$guard" ] || exit 0
  look_at "$directory/run/pid" "$directory"
  if [ "$process" = up ] && [ ! -e "$directory/holdfast.fenced" ]; then
    remember "$directory" "$pid" "$directory/.again"
    user=$(cat -- "$directory/.again.user")
    program=$(cat -- "$directory/.again.program")
    kill -KILL "$pid"
    left=200
    while [ -d "/proc/$pid/task" ] && [ "$(ls "/proc/$pid/task" | wc -l)" -gt 1 ] && [ $left -gt 0 ]; do
      left=$((left - 1)); sleep 0.1
    done
    while held "$directory" && [ $left -gt 0 ]; do left=$((left - 1)); sleep 0.1; done
    as "$user" xargs -0 -a "$directory/.again.words" setsid -f sh -c '
      echo $$ >"$1"; program=$2; shift 3; exec "$program" "$@" </dev/null >/dev/null 2>&1 9>&-' again \
      "$directory/run/pid" "$program"
    rm -f -- "$directory/.again.user" "$directory/.again.program" "$directory/.again.words"
  fi
  rm -f -- "$guard" "$guard.pid"
done
