# Starts the systemd unit of the oplog archiver on this machine.
# unit: its name
if is_root; then systemctl start -- "$unit"; else sudo -n systemctl start -- "$unit"; fi
