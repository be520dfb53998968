# Finds running servers of an estate that are not declared; changes nothing.
# root: the directory of the estate on this host; mark: the estate's name; declared: the declared nodes, one id per line
# Records: undeclared id directory pid
begin_records host/undeclared-look
for file in "$root"/*/*/holdfast.node; do
  estate= id=
  { read -r estate id <"$file"; } 2>/dev/null || continue
  [ "$estate" = "$mark" ] || continue
  case $newline$declared$newline in *"$newline$id$newline"*) continue ;; esac
  directory=${file%/holdfast.node}
  for pidfile in "$directory/data/postmaster.pid" "$directory"/run/*pid; do
    [ -f "$pidfile" ] || continue
    look_at "$pidfile" "$directory"
    [ "$process" = up ] || continue
    record undeclared id "$id" directory "$directory" pid "$pid"
    break
  done
done
end_records
