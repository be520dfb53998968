# Makes a proxy's folder, marked as ours.
# directory, mark (what Holdfast leaves in the folder)
mark_ours "$directory" "$mark"
user=$(id -un)
[ "$user" != root ] || ! id haproxy >/dev/null 2>&1 || user=haproxy
mkdir -p -- "$directory/conf"
for folder in log run; do
  mkdir -p -m 0700 -- "$directory/$folder"
  chown -- "$user" "$directory/$folder"
done
