# Stops a member whose cluster is taken back in place, fences it, and moves its data aside on its own disk.
# directory, mark: what the directory's mark must say; order: the restore it is for; name: of the folder below kept/
#
# 1. Fence it: no later start may bring the old data back.
# 2. End its process in good order; what it wrote last is then on disk, and kept.
# 3. Move the data aside, and write down that the folder waits for the restore.
mark_ours "$directory" "$mark" # on a machine that was lost there is nothing to stop
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
mkdir -p -- "$directory/run" "$directory/kept"
exec 9>"$directory/run/lock"
flock -w 60 9 || fail "a start or stop of this node has been running for 60 s"
state= was=
{ IFS=' ' read -r state was <"$directory/holdfast.restore"; } 2>/dev/null || true
[ "$was" != "$order" ] || [ -z "$state" ] || exit 0

printf 'taken back to %s; the same restore, in place, brings it back\n' "$order" >"$directory/holdfast.fenced.new"
sync -- "$directory/holdfast.fenced.new"
mv -f -- "$directory/holdfast.fenced.new" "$directory/holdfast.fenced"

end_server

# restore-undo.sh brings that back; where it is known already, this was interrupted
if [ -d "$directory/data" ]; then
  printf '%s\n' "$name" >"$directory/holdfast.kept"
elif [ ! -s "$directory/holdfast.kept" ]; then
  echo - >"$directory/holdfast.kept"
fi
sync -- "$directory/holdfast.kept"
if [ -d "$directory/data" ]; then
  [ ! -e "$directory/kept/$name" ] || fail "$directory/kept/$name is there already"
  mv -T -- "$directory/data" "$directory/kept/$name"
  sync -- "$directory/kept"
fi
printf 'aside %s\n' "$order" >"$directory/holdfast.restore.new"
sync -- "$directory/holdfast.restore.new"
mv -f -- "$directory/holdfast.restore.new" "$directory/holdfast.restore"
