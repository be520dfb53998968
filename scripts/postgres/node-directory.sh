# Creates a node's directory with Holdfast's mark and the directories that its server needs.
# directory, mark (the text that Holdfast writes into the directory)
user=$(server_user postgres)
node_folder "$user" log run
