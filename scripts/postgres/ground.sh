# Makes a node's folder, marked as ours, with the folders its server needs.
# directory, mark (what Holdfast leaves in the folder)
user=$(server_user postgres)
mark_ours "$directory" "$mark"
mkdir -p -- "$directory/conf"
for folder in log run; do
  mkdir -p -m 0700 -- "$directory/$folder"
  chown -- "$user" "$directory/$folder"
done
# initdb and pg_basebackup make their folder themselves; only its owner may make it
chown -- "$user" "$directory"
chmod 0755 -- "$directory"
