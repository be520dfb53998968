# Makes a stopped server that ended where the new primary began a standby, and lets it start again.
# directory
user=$(server_user postgres)
data=$directory/data
alone 60
must_be_stopped "$data/postmaster.pid" "$directory"
no_auto_conf "$data"
make_standby "$user" "$data"
rm -f -- "$directory/fence"
