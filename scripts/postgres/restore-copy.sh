# Restores a base backup into a directory without data, atomically: it restores into a temporary directory and moves it.
# directory, system, stanza, label (of the base backup), order (one line for the file restoring), processes
# spaces: the location of its tablespaces: here (below the directory), or back (the original location, which must be empty)
# config: the configuration of the repository; @system@ stands for the system identifier
user=$(server_user postgres)
data=$directory/data
file=$directory/conf/pgbackrest-restore.conf
alone 36000
[ ! -f "$data/PG_VERSION" ] || exit 0
draft=$(mktemp -- "$directory/conf/.pgbackrest.XXXXXX")
chmod 0600 -- "$draft"
chown -- "$user" "$draft"
printf '%s\n' "$config" | sed "s/@system@/$system/" >"$draft"
mv -f -- "$draft" "$file"
printf '%s\n' "$order" >"$directory/restoring.new"
sync -- "$directory/restoring.new"
mv -f -- "$directory/restoring.new" "$directory/restoring"
rm -f -- "$directory/restored" "$directory/log/restore.log"
rm -rf -- "$data.new"
new_data
map=
if [ "$spaces" = here ]; then
  rm -rf -- "$directory/tablespaces"
  mkdir -m 0700 -- "$directory/tablespaces"
  chown -- "$user" "$directory/tablespaces"
  map=--tablespace-map-all=$directory/tablespaces
else
  # the files of an interrupted restore are removed; all other files stay
  vacant=$directory/restoring.spaces
  if [ -f "$vacant" ]; then
    clear_spaces "$vacant"
  else
    said=$(as "$user" pgbackrest --config="$file" --stanza="$stanza" --set="$label" --output=json info 2>&1) || fail "pgbackrest info: $said"
    printf '%s\n' "$said" | copied_spaces | while IFS="$tab" read -r word oid location; do
      for inside in "$location"/PG_[0-9]*; do
        [ ! -e "$inside" ] || fail "$inside exists and was not preserved: move it away"
      done
      printf '%s\n' "$location"
    done >"$vacant.new"
    sync -- "$vacant.new"
    mv -f -- "$vacant.new" "$vacant"
  fi
fi
output_to "$directory/log/copy.log" pgbackrest --config="$file" --stanza="$stanza" --pg1-path="$data.new" --set="$label" --type=none \
  --process-max="$processes" ${map:+"$map"} restore 9>&- ||
  fail "pgbackrest restore: $(as "$user" grep -E 'ERROR|HINT' "$directory/log/copy.log" | head -n 4 || as "$user" tail -n 3 "$directory/log/copy.log")"
not_read "$data.new"
no_auto_conf "$data.new"
rm -f -- "$data.new/standby.signal"
as "$user" touch -- "$data.new/recovery.signal"
mv -T -- "$data.new" "$data"
