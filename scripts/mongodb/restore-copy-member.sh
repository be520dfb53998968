# Copies the data of a restored member to another member of its set on the same host.
# from: the restored member's directory; directory, mark: those of the other member; keyfile: the content
claim_directory
umask 077
IFS=' ' read -r state order <"$from/holdfast.restore"
own= was=
{ IFS=' ' read -r own was <"$directory/holdfast.restore"; } 2>/dev/null || true
[ ! -d "$directory/data" ] || [ "$was" = "$order" ] || fail "$directory/data does not belong to this restore"
must_be_stopped "$directory/run/pid" "$directory"
record_restore begun "$order"
rm -rf -- "$directory/data"
give_folders
as "$account" cp -a -- "$from/data/." "$directory/data/"
record_restore "$state" "$order"
