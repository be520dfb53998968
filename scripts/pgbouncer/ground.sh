# Makes a PgBouncer's folder, marked as ours.
# directory, mark (what Holdfast leaves in the folder)
node_folder "$(server_user postgres)" log run
