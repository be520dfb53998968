# Fences and stops a member for a restore in place, and sets its data aside on its own disk.
# directory, mark: the expected mark of the directory; order: the name of the restore; name: the directory below kept/
#
# 1. Fence it, so that no later start uses the old data.
# 2. Shut its process down cleanly, so that its last writes are on disk.
# 3. Set the data aside, and record that the directory waits for the restore.
mark_ours "$directory" "$mark" # after the loss of a host nothing runs there
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
mkdir -p -m 0700 -- "$directory/kept"
node_lock 60
state= was=
{ IFS=' ' read -r state was <"$directory/holdfast.restore"; } 2>/dev/null || true
[ "$was" != "$order" ] || [ -z "$state" ] || exit 0

printf 'restored to %s; the same restore, in place, starts it\n' "$order" >"$directory/holdfast.fenced.new"
sync -- "$directory/holdfast.fenced.new"
mv -f -- "$directory/holdfast.fenced.new" "$directory/holdfast.fenced"

end_server

# restore-undo.sh returns to that data; an existing record shows an interrupted run
if [ -d "$directory/data" ]; then
  printf '%s\n' "$name" >"$directory/holdfast.kept"
elif [ ! -s "$directory/holdfast.kept" ]; then
  echo - >"$directory/holdfast.kept"
fi
sync -- "$directory/holdfast.kept"
if [ -d "$directory/data" ]; then
  [ ! -e "$directory/kept/$name" ] || fail "$directory/kept/$name already exists"
  mv -T -- "$directory/data" "$directory/kept/$name"
  sync -- "$directory/kept"
fi
record_restore aside "$order"
