# Creates a PgBouncer's directory with Holdfast's mark.
# directory, mark (the text that Holdfast writes into the directory)
node_folder "$(server_user postgres)" log run
