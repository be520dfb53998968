# Makes a proxy's folder, marked as ours.
# directory, mark (what Holdfast leaves in the folder)
user=$(id -un)
[ "$user" != root ] || ! id haproxy >/dev/null 2>&1 || user=haproxy
node_folder "$user" log run
