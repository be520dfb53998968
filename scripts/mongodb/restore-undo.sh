# Undoes a restore in place of one member: returns to the data that was set aside, and removes the fence of the restore.
# directory, mark: the expected mark of the directory; name: the directory below kept/ for data that can contain writes
#
# Data that only Holdfast has changed is removed. Data on which a member was started is set aside. Each part can be repeated.
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
node_lock 60
state= order=
{ IFS=' ' read -r state order <"$directory/holdfast.restore"; } 2>/dev/null || true
fenced=
{ IFS= read -r fenced <"$directory/holdfast.fenced"; } 2>/dev/null || true
# earlier versions wrote the first text
case $fenced in 'taken back to '* | 'restored to '*) ;; *) case $state in '' | verified) exit 0 ;; esac ;; esac
kept_as=
{ IFS= read -r kept_as <"$directory/holdfast.kept"; } 2>/dev/null || true
if [ -z "$kept_as" ] && [ -n "$state" ]; then
  for folder in "$directory/kept/before-restore-"*; do kept_as=${folder##*/}; done # in the order of their names
fi
# put_back: moves the data that was set aside to its original place
put_back() {
  [ -d "$directory/kept/$kept_as" ] || return 0
  mv -T -- "$directory/kept/$kept_as" "$directory/data"
  sync -- "$directory"
}
case $state in
  '' | verified) # fenced and possibly set aside; this restore has not changed its data
    [ -d "$directory/data" ] || [ -z "$kept_as" ] || put_back
    ;;
  *)
    end_server
    if [ -d "$directory/data" ] && { [ "$kept_as" = - ] || [ -d "$directory/kept/$kept_as" ]; }; then
      case $state in
        begun | unpacked | touched | replayed) rm -rf -- "$directory/data" ;;
        *)
          [ ! -e "$directory/kept/$name" ] || fail "$directory/kept/$name already exists"
          mv -T -- "$directory/data" "$directory/kept/$name"
          ;;
      esac
    fi
    [ "$kept_as" = - ] || put_back
    [ "$kept_as" = - ] || [ -d "$directory/data" ] || fail "neither $directory/data nor $directory/kept/$kept_as has data"
    ;;
esac
rm -f -- "$directory/holdfast.restore"
rm -f -- "$directory/holdfast.kept" "$directory/holdfast.fenced"
