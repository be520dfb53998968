# Stops a member for a restore in place; it is not started by accident until the restore is done.
# directory, binaries, mark (one line that tells why; kept in the file fence)
user=$(server_user postgres)
data=$directory/data
alone 60
draft=$(mktemp -- "$directory/.fence.XXXXXX")
chmod 0644 -- "$draft"
printf '%s\n' "$mark" >"$draft"
sync -- "$draft"
mv -f -- "$draft" "$directory/fence"
rm -f -- "$directory/restored"
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
alive "$pid" "$directory" || exit 0
as "$user" "$binaries/pg_ctl" -D "$data" -m fast -s -w -t 170 stop >/dev/null 2>&1 9>&- || fail "the server did not stop within 170 s"
