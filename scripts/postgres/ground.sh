# Makes a node's folder, marked as ours, with the folders its server needs.
# directory, mark (what Holdfast leaves in the folder)
user=$(server_user postgres)
if [ ! -f "$directory/holdfast.node" ]; then
  mkdir -p -- "$(dirname -- "$directory")"
  rm -rf -- "$directory.holdfast-new"
  mkdir -- "$directory.holdfast-new"
  printf '%s\n' "$mark" >"$directory.holdfast-new/holdfast.node"
  mv -T -- "$directory.holdfast-new" "$directory"
fi
mkdir -p -- "$directory/conf"
for folder in log run; do
  mkdir -p -m 0700 -- "$directory/$folder"
  chown -- "$user" "$directory/$folder"
done
# initdb and pg_basebackup make their folder themselves; only its owner may make it
chown -- "$user" "$directory"
chmod 0755 -- "$directory"
