# Reverts the in-place restore of one member: returns the preserved data and removes the fence of the restore.
# directory, name (of the folder below kept/)
# Only restored data that is still in recovery is removed: it never accepted a write. Each part may be done already.
user=$(server_user postgres)
data=$directory/data
kept=$directory/kept/$name
alone 60
fence=
{ IFS= read -r fence <"$directory/fence"; } 2>/dev/null || exit 0
case $fence in 'restore '*) ;; *) fail "the member has another fence: $fence" ;; esac
look_at "$data/postmaster.pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
had= # nothing was copied there: a member that had no data has none to get back
if [ -f "$directory/restoring" ]; then
  had=copy
  [ ! -f "$data/PG_VERSION" ] || [ -f "$data/recovery.signal" ] ||
    fail "the recovery target was restored there and opened for writes; the same restore command finishes it"
  if [ "$process" = up ]; then
    kill -QUIT "$pid" 2>/dev/null || true
    tries=300
    while alive "$pid" "$directory" && [ $tries -gt 0 ]; do tries=$((tries - 1)); sleep 0.1; done
  fi
  must_be_stopped "$data/postmaster.pid" "$directory"
  [ ! -f "$data/PG_VERSION" ] || [ -f "$data/recovery.signal" ] || fail "the restored server was opened for writes meanwhile"
  if [ -d "$data" ]; then
    [ -d "$kept/data" ] || fail "$kept/data does not exist, so $data stays unchanged"
    rm -rf -- "$data"
  fi
  if [ -f "$directory/restoring.spaces" ]; then # vacant when the copy came
    clear_spaces "$directory/restoring.spaces"
    rm -f -- "$directory/restoring.spaces"
  fi
  sync -- "$directory"
  rm -f -- "$directory/restoring" "$directory/conf/pgbackrest-restore.conf"
fi
rm -rf -- "$data.new"
if [ -d "$kept/data" ] && [ -f "$kept/tablespaces" ]; then
  own=$(own_spaces "$kept/data")
  while IFS="$tab" read -r location place; do
    for inside in "$place/$own"*; do
      [ -e "$inside" ] || continue
      as "$user" rm -rf -- "$location/${inside##*/}" # of the copy: what was there before is in $place
      as "$user" mv -- "$inside" "$location/"
    done
    rmdir -- "$place" 2>/dev/null || true
  done <"$kept/tablespaces"
fi
if [ ! -d "$data" ] && [ -d "$kept/data" ]; then
  must_be_stopped "$data/postmaster.pid" "$directory"
  mv -T -- "$kept/data" "$data"
  sync -- "$directory"
  rm -f -- "$kept/tablespaces"
  rmdir -- "$kept" 2>/dev/null || true
fi
[ -f "$data/PG_VERSION" ] || { [ -z "$had" ] && [ ! -e "$kept" ]; } || fail "there is no data in $data, and none in $kept; $directory/kept lists what was kept"
rm -f -- "$directory/fence"
