# Reports the systemd unit of the oplog archiver on this machine; changes nothing.
# unit: its name
# Records:
#   unit state   active, inactive, failed or another state of systemd; no record without systemd or without such a unit
begin_records mongodb/archiver-unit
description=$(systemctl show --property=LoadState --property=ActiveState -- "$unit" 2>/dev/null || true)
state=${description#*ActiveState=}
case $description in
  *LoadState=loaded*) record unit state "${state%%"$newline"*}" ;;
esac
end_records
