# Makes a PgBouncer's folder, marked as ours.
# directory, mark (what Holdfast leaves in the folder)
user=$(server_user postgres)
mark_ours "$directory" "$mark"
mkdir -p -- "$directory/conf"
for folder in log run; do
  mkdir -p -m 0700 -- "$directory/$folder"
  chown -- "$user" "$directory/$folder"
done
