# Ends a member and sets its data aside, so that it runs an initial sync when it is started.
# directory, mark: the expected mark of the directory; name: the directory for the old data
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
node_lock 60
look_at "$directory/run/pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
if [ "$process" = up ]; then
  kill -TERM "$pid"
  left=600
  while alive "$pid" "$directory"; do
    [ $left -gt 0 ] || fail "process $pid did not end within 60 s of SIGTERM"
    left=$((left - 1)); sleep 0.1
  done
fi
must_be_stopped "$directory/run/pid" "$directory"
[ -d "$directory/data" ] || exit 0
mv -- "$directory/data" "$directory/$name"
owner_of "$directory"
printf '{"msg":"MongoDB starting","attr":{"by":"holdfast","data":"set aside as %s"}}\n' "$name" |
  as "$owner" sh -c 'cat >>"$1"' sh "$directory/log/mongod.log"
