# Makes a node's folder, marked as ours, with the folders its server needs.
# directory, mark (what Holdfast leaves in the folder)
user=$(server_user postgres)
node_folder "$user" log run
