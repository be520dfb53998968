# Archives the history of a timeline again: another server can have archived a history of the same name. pgBackRest overwrites histories.
# directory, segment (of this timeline)
user=$(server_user postgres)
wal=$directory/data/pg_wal
history=${segment%????????????????}.history
[ -f "$wal/$history" ] || exit 0
as "$user" touch -- "$wal/archive_status/$history.ready"
as "$user" rm -f -- "$wal/archive_status/$history.done"
