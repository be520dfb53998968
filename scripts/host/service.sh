# Writes the systemd unit of a server and enables it, or removes a unit that is no longer wanted. A running server goes on as it is:
# its unit starts it at the next boot, and at the next start by Holdfast.
# directory, mark, pidfile
[ "$(cat -- "$directory/holdfast.node" 2>/dev/null || true)" = "$mark" ] || fail "$directory is not marked as $mark"
if [ "$service_want" = none ]; then service_forget "$directory"; exit 0; fi
usable || fail "the host can have no service: $why"
look_at "$pidfile" "$directory"
[ "$process" != unknown ] || fail "$unseen"
if [ "$process" = up ]; then
  owner_of "$directory"
  words=$(words_of "$directory" "$pid")
  program=$(as "$owner" readlink -- "/proc/$pid/exe") || program=${words%%"$newline"*}
  program=${program% (deleted)}
  case $service_kind in
    postgres) options=$(printf '%s\n' "$words" | sed '1,3d') ;;
    *)
      socket=
      for file in "$directory/run/mongodb-"*.sock; do socket=$file; done
      options=$directory/$service_kind.conf$newline$socket$newline$directory/log/$service_kind.log.out ;;
  esac
  [ -n "$program" ] || fail "$(id -un) cannot see the program of process $pid"
  service_program "$directory" "$program" "$options"
fi
service_write "$directory"
