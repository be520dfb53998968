# Creates a proxy's directory with Holdfast's mark.
# directory, mark (the text that Holdfast writes into the directory)
user=$(id -un)
[ "$user" != root ] || ! id haproxy >/dev/null 2>&1 || user=haproxy
node_folder "$user" log run
