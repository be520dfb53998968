# Reports the progress of a restore into a directory; changes nothing.
# directory
# Records: progress order finished data process reached free
#   order: the restore in progress, from restore-copy.sh; finished: the finished and verified restore
#   data: absent, recovery, primary or standby; process: up or down; reached: the server's message at the end of replay
#   free: bytes on the file system
begin_records postgres/restore-look
data=$directory/data
first_line "$directory/restoring"
order=$first
first_line "$directory/restored"
finished=$first
part=absent
if [ -f "$data/PG_VERSION" ]; then
  part=primary
  [ ! -f "$data/standby.signal" ] || part=standby
  [ ! -f "$data/recovery.signal" ] || part=recovery
fi
look_at "$data/postmaster.pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
reached=
[ ! -f "$directory/log/restore.log" ] ||
  reached=$(sed -n '/LOG:  *recovery stopping /{s/.*LOG:  *\(recovery stopping .*\)/\1/;h;};${x;p;}' "$directory/log/restore.log" 2>/dev/null)
step=$directory
while [ ! -e "$step" ]; do step=$(dirname -- "$step"); done
free=$(df -B1 --output=avail -- "$step" | tail -n 1 | tr -d ' ')
case $free in '' | *[!0-9]*) free=-1 ;; esac
record progress order "$order" finished "$finished" data "$part" process "$process" reached "$reached" free "$free"
end_records
