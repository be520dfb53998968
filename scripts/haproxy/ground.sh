# Makes a proxy's folder, marked as ours.
# directory, mark (what Holdfast leaves in the folder)
if [ ! -f "$directory/holdfast.node" ]; then
  mkdir -p -- "$(dirname -- "$directory")"
  rm -rf -- "$directory.holdfast-new"
  mkdir -- "$directory.holdfast-new"
  printf '%s\n' "$mark" >"$directory.holdfast-new/holdfast.node"
  mv -T -- "$directory.holdfast-new" "$directory"
fi
user=$(id -un)
[ "$user" != root ] || ! id haproxy >/dev/null 2>&1 || user=haproxy
mkdir -p -- "$directory/conf"
for folder in log run; do
  mkdir -p -m 0700 -- "$directory/$folder"
  chown -- "$user" "$directory/$folder"
done
