# Reports the services of the servers of a host; changes nothing.
# nodes: one line per server, fields separated by a tab: id, directory, pid file, unit, kind, title, peers
# service_want: systemd, or none
# service_unit, service_kind, service_title, service_peers: set here for each server
# Records:
#   service id state scope runs reason   state: current, different, present (a unit that is no longer wanted) or unusable; scope: system,
#                                        user or none; runs: service, outside or stopped; reason: what is different, or why no
#                                        service can be had here
begin_records host/service-look
while IFS="$tab" read -r id directory pidfile service_unit service_kind service_title service_peers; do
  [ -n "$id" ] || continue
  runs=stopped state=current reason=
  look_at "$pidfile" "$directory"
  if [ "$process" = up ]; then
    runs=outside
    unit=$service_unit
    ! in_service "$pid" || runs=service
  fi
  if [ "$service_want" = none ]; then
    [ ! -e "$directory/service" ] || state=present
    scope=none
  elif usable; then
    lacking "$directory"
    [ -z "$lacks" ] || state=different reason=$lacks
  else
    state=unusable reason=$why scope=none
  fi
  record service id "$id" state "$state" scope "$scope" runs "$runs" reason "$reason"
done <<END
$nodes
END
end_records
