# Writes the configuration of a system with backups on a repository host that was lost.
# directory (of its pgBackRest server), system (its identifier)
# config: desired contents of the file of that system; @system@ is a placeholder for the system identifier
user=$(server_user postgres)
put "$system.conf" 600 "$user" "${config%%@system@*}$system${config#*@system@}"
