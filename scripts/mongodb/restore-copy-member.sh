# Copies the data of a restored member to another member of its set on the same host.
# from: the restored member's directory; directory, mark: those of the other member; keyfile: the content
mkdir -p -- "$directory"
chmod 700 -- "$directory"
umask 077
[ -f "$directory/holdfast.node" ] || printf '%s\n' "$mark" >"$directory/holdfast.node"
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
IFS=' ' read -r state order <"$from/holdfast.restore"
own= was=
{ IFS=' ' read -r own was <"$directory/holdfast.restore"; } 2>/dev/null || true
[ ! -d "$directory/data" ] || [ "$was" = "$order" ] || fail "$directory/data does not belong to this restore"
must_be_stopped "$directory/run/pid" "$directory"
printf 'begun %s\n' "$order" >"$directory/holdfast.restore"
rm -rf -- "$directory/data"
cp -a -- "$from/data" "$directory/data"
printf '%s %s\n' "$state" "$order" >"$directory/holdfast.restore.new"
mv -f -- "$directory/holdfast.restore.new" "$directory/holdfast.restore"
