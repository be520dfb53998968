# Unpacks a backup into a member's directory, and compares it with its checksum. Each run starts over.
# directory, mark: the member's directory and its expected mark; order: the name of the restore
# archive, checksum, size: the backup's file, its checksum, and its unpacked size in KiB; keyfile: the content
claim_directory
umask 077
state= was=
{ IFS=' ' read -r state was <"$directory/holdfast.restore"; } 2>/dev/null || true
[ ! -d "$directory/data" ] || [ "$was" = "$order" ] || fail "$directory/data does not belong to this restore"
node_lock 60
look_at "$directory/run/pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
if [ "$process" = up ]; then
  kill -KILL "$pid"
  left=200
  while [ -d "/proc/$pid/task" ] && [ $left -gt 0 ]; do left=$((left - 1)); sleep 0.05; done
fi
must_be_stopped "$directory/run/pid" "$directory"
record_restore begun "$order"
rm -rf -- "$directory/data"
free=$(df -Pk -- "$directory" | awk 'NR == 2 { print $4 }')
[ "$free" -gt "$size" ] || fail "the unpacked backup needs $size KiB, and $free KiB are free in $directory"
give_folders
put_private "$directory/keyfile" "$keyfile"
rm -f -- "$directory/.sum"
sha256sum -- "$archive" 2>/dev/null | cut -c 1-64 >"$directory/.sum" &
case $archive in *.zst) open='zstd -q -d -c' ;; *) open='gzip -d -c' ;; esac
command -v "${open%% *}" >/dev/null || fail "${open%% *} is not installed on this host, and $archive was written with it"
{ $open "$archive" || echo broken >"$directory/.broken"; } | as "$account" tar -x -f - -C "$directory/data"
wait
[ ! -e "$directory/.broken" ] || { rm -f -- "$directory/.broken"; fail "$archive cannot be read"; }
[ "$(cat -- "$directory/.sum")" = "$checksum" ] || fail "$archive differs from its checksum; holdfast backup verify reports details"
rm -f -- "$directory/data/mongod.lock" "$directory/.sum"
record_restore unpacked "$order"
