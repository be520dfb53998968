# Reports whether the repository host has the desired configuration of a system; changes nothing.
# directory (of its pgBackRest server), system (its identifier)
# config: desired contents of the file of that system; @system@ is a placeholder for the system identifier
# Records: kept, if the file is as desired
begin_records postgres/repository-configured
user=$(server_user postgres)
file=$directory/conf/$system.conf
desired=${config%%@system@*}$system${config#*@system@}
if holds "$file" "$desired" && [ "$(stat -c '%a %U' -- "$file")" = "600 $user" ]; then record kept; fi
end_records
