# Gives the repository's machine the configuration of a system whose backups it has, where that machine was lost.
# directory (of its pgBackRest server), system (its identifier)
# config: what is to be in the file of that system; @system@ stands for the system identifier
user=$(server_user postgres)
put "$system.conf" 600 "$user" "${config%%@system@*}$system${config#*@system@}"
