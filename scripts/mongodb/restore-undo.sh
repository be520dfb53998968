# Undoes a restore in place of one member: the data that was kept aside comes back, and the fence of the restore is removed.
# directory, mark: what the directory's mark must say; name: of the folder below kept/ for data that may hold writes
#
# Data that only Holdfast has worked on is removed; what a member was started on is kept aside. Each part may be done already.
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
exec 9>"$directory/run/lock"
flock -w 60 9 || fail "a start or stop of this node has been running for 60 s"
state= order=
{ IFS=' ' read -r state order <"$directory/holdfast.restore"; } 2>/dev/null || true
fenced=
{ IFS= read -r fenced <"$directory/holdfast.fenced"; } 2>/dev/null || true
case $fenced in 'taken back to '*) ;; *) case $state in '' | verified) exit 0 ;; esac ;; esac
kept_as=
{ IFS= read -r kept_as <"$directory/holdfast.kept"; } 2>/dev/null || true
if [ -z "$kept_as" ] && [ -n "$state" ]; then
  for folder in "$directory/kept/before-restore-"*; do kept_as=${folder##*/}; done # they come in their order
fi
# put_back: the kept data takes its place again
put_back() {
  [ -d "$directory/kept/$kept_as" ] || return 0
  mv -T -- "$directory/kept/$kept_as" "$directory/data"
  sync -- "$directory"
}
case $state in
  '' | verified) # it was fenced, and its data was perhaps moved; this restore has not worked on it
    [ -d "$directory/data" ] || [ -z "$kept_as" ] || put_back
    ;;
  *)
    end_server
    if [ -d "$directory/data" ] && { [ "$kept_as" = - ] || [ -d "$directory/kept/$kept_as" ]; }; then
      case $state in
        begun | unpacked | touched | replayed) rm -rf -- "$directory/data" ;;
        *)
          [ ! -e "$directory/kept/$name" ] || fail "$directory/kept/$name is there already"
          mv -T -- "$directory/data" "$directory/kept/$name"
          ;;
      esac
    fi
    [ "$kept_as" = - ] || put_back
    [ "$kept_as" = - ] || [ -d "$directory/data" ] || fail "there is no data in $directory/data, and none in $directory/kept/$kept_as"
    ;;
esac
rm -f -- "$directory/holdfast.restore"
rm -f -- "$directory/holdfast.kept" "$directory/holdfast.fenced"
