# Unpacks a backup into a member's directory, and compares it with its checksum. Each run starts over.
# directory, mark: the member's directory and its expected mark; order: the name of the restore
# archive, checksum, size: the backup's file, its checksum, and its unpacked size in KiB; keyfile: the content
mark_ours "$directory" "$mark"
chmod 700 -- "$directory"
umask 077
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
state= was=
{ IFS=' ' read -r state was <"$directory/holdfast.restore"; } 2>/dev/null || true
[ ! -d "$directory/data" ] || [ "$was" = "$order" ] || fail "$directory/data does not belong to this restore"
mkdir -p -- "$directory/log" "$directory/run"
exec 9>"$directory/run/lock"
flock -w 60 9 || fail "a start or stop of this node has been running for 60 s"
look_at "$directory/run/pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
if [ "$process" = up ]; then
  kill -KILL "$pid"
  left=200
  while [ -d "/proc/$pid/task" ] && [ $left -gt 0 ]; do left=$((left - 1)); sleep 0.05; done
fi
must_be_stopped "$directory/run/pid" "$directory"
printf 'begun %s\n' "$order" >"$directory/holdfast.restore"
rm -rf -- "$directory/data"
free=$(df -Pk -- "$directory" | awk 'NR == 2 { print $4 }')
[ "$free" -gt "$size" ] || fail "the unpacked backup needs $size KiB, and $free KiB are free in $directory"
mkdir -- "$directory/data"
put_private "$directory/keyfile" "$keyfile"
rm -f -- "$directory/run/sum"
sha256sum -- "$archive" 2>/dev/null | cut -c 1-64 >"$directory/run/sum" &
case $archive in *.zst) open='zstd -q -d -c' ;; *) open='gzip -d -c' ;; esac
command -v "${open%% *}" >/dev/null || fail "${open%% *} is not installed on this host, and $archive was written with it"
{ $open "$archive" || echo broken >"$directory/run/broken"; } | tar -x -f - -C "$directory/data"
wait
[ ! -e "$directory/run/broken" ] || { rm -f -- "$directory/run/broken"; fail "$archive cannot be read"; }
[ "$(cat -- "$directory/run/sum")" = "$checksum" ] || fail "$archive differs from its checksum; holdfast backup verify reports details"
rm -f -- "$directory/data/mongod.lock" "$directory/run/sum"
printf 'unpacked %s\n' "$order" >"$directory/holdfast.restore.new"
mv -f -- "$directory/holdfast.restore.new" "$directory/holdfast.restore"
