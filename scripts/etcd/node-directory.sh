# Creates an etcd server's directory with Holdfast's mark.
# directory, mark (the text that Holdfast writes into the directory)
user=$(id -un)
[ "$user" != root ] || ! id etcd >/dev/null 2>&1 || user=etcd
node_folder "$user" data log run
