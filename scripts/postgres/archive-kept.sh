# Whether the repository's machine has the wanted configuration of a system; changes nothing.
# directory (of its pgBackRest server), system (its identifier)
# config: what is to be in the file of that system; @system@ stands for the system identifier
# Answers: kept
user=$(server_user postgres)
file=$directory/conf/$system.conf
wanted=${config%%@system@*}$system${config#*@system@}
if holds "$file" "$wanted" && [ "$(stat -c '%a %U' -- "$file")" = "600 $user" ]; then echo kept; fi
