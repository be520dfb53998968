# Makes a stopped server a standby, if its WAL ends where the new primary's timeline begins, and removes its fence.
# directory
user=$(server_user postgres)
data=$directory/data
alone 60
must_be_stopped "$data/postmaster.pid" "$directory"
no_auto_conf "$data"
make_standby "$user" "$data"
rm -f -- "$directory/fence"
