# Reports the Patroni of the members on a host; changes nothing.
# nodes: one line per member, fields separated by a tab: id, directory
# Records:
#   agent id process             process: up or down, of Patroni; only where it was configured
#   line id text                 a line of its configuration, without the passwords
#   unread id                    the configuration is newer than the time at which Patroni read it
#   rest id version role state timeline pending paused unlocked age   its own answer: role primary, standby or none; pending: a restart
#                                is pending, paused: failover is off, unlocked: no member has the lock (yes or no); age: seconds since it
#                                reached etcd, -1: unknown
#   view id member role state timeline lag   a member, as this Patroni sees the cluster; role leader, sync-standby, standby or other; lag
#                                in bytes, -1: unknown
#   dynamic id key value         a dynamic setting; the parts of its key have dots between them
#   mute id reason               Patroni runs and its REST API does not answer
begin_records patroni/look
asked=
while IFS="$tab" read -r id directory; do
  [ -n "$id" ] || continue
  conf=$directory/conf/patroni.yml
  [ -f "$conf" ] || continue
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in '#'* | '') ;; *) record line id "$id" text "$line" ;; esac
  done <"$conf"
  if patroni_alive "$directory"; then
    record agent id "$id" process up
    for file in patroni.yml patroni-secrets.yml; do
      if [ "$directory/conf/$file" -nt "$directory/run/patroni.loaded" ]; then record unread id "$id"; break; fi
    done
    asked=$asked$id$tab$conf$newline
  else record agent id "$id" process down
  fi
done <<END
$nodes
END
if [ -n "$asked" ]; then
  answers=$(ASKED=$asked /usr/bin/python3 -c "$patroni_rest"'
def plain(value): # a terminal would obey control codes
    return "".join(c if c >= " " and c != "\x7f" or c in "\t\n" else "\ufffd" for c in str(value))
def show(kind, **fields):
    print(json.dumps(dict(t=kind, **{name: plain(value) for name, value in fields.items()}), separators=(",", ":")))
def flag(value):
    return "yes" if value else "no"
def role(name):
    if name in ("leader", "standby_leader"): return "leader"
    if name in ("sync_standby", "quorum_standby"): return "sync-standby"
    return "standby" if name == "replica" else "other"
def leaves(key, value):
    if isinstance(value, dict):
        for name in value: leaves(key + [name], value[name])
    else:
        text = ("true" if value else "false") if isinstance(value, bool) else value if isinstance(value, str) else json.dumps(value)
        show("dynamic", id=node, key=".".join(key), value=text)
for line in os.environ["ASKED"].splitlines():
    node, path = line.split("\t")
    with open(path) as conf:
        address = json.loads("".join(l for l in conf if not l.startswith("#")))["restapi"]["connect_address"]
    own = known(address, "patroni")
    if own is None:
        show("mute", id=node, reason=ask("GET", address, "patroni")[1])
        continue
    seen = own.get("dcs_last_seen")
    was = {"master": "primary", "primary": "primary", "replica": "standby"}.get(own.get("role"), "none")
    show("rest", id=node, version=own.get("patroni", {}).get("version", ""), role=was, state=own.get("state", ""),
        timeline=own.get("timeline") or 0, pending=flag(own.get("pending_restart")), paused=flag(own.get("pause")),
        unlocked=flag(own.get("cluster_unlocked")), age=int(time.time() - seen) if seen else -1)
    for member in (known(address, "cluster") or {}).get("members", []):
        lag = member.get("lag")
        show("view", id=node, member=member.get("name", ""), role=role(member.get("role")), state=member.get("state", ""),
            timeline=member.get("timeline") or 0, lag=lag if isinstance(lag, int) else -1)
    settings = known(address, "config")
    if isinstance(settings, dict): leaves([], settings)
')
  add_records "$answers"
fi
end_records
