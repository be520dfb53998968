# Fences a server: nothing that works in its folder lives on, and it is not started again until it rejoins.
# directory, mark (one line that tells why; kept in the file fence)
data=$directory/data
draft=$(mktemp -- "$directory/.fence.XXXXXX")
chmod 0644 -- "$draft"
printf '%s\n' "$mark" >"$draft"
sync -- "$draft"
mv -f -- "$draft" "$directory/fence"

# every child works in the data folder, and each is a process group and a session of its own
inside() {
  find /proc/[0-9]*/cwd -maxdepth 0 -printf '%h\t%l\n' 2>/dev/null | FOLDER=$data awk -F'\t' '$2 == ENVIRON["FOLDER"] {print $1}' |
    while read -r proc; do
      exe=$(readlink "$proc/exe" 2>/dev/null) || continue
      case ${exe##*/} in postgres*) echo "${proc#/proc/}" ;; esac
    done
}
end_all() {
  round=0
  while left=$(inside); [ -n "$left" ]; do
    kill -KILL $left 2>/dev/null || true
    round=$((round + 1))
    [ "$round" -lt 300 ] || fail "processes in $data do not end: $left"
    sleep 0.01
  done
}
end_all
# a start that was under way when the mark was written may come to its server only now
alone 40
end_all
