# Stops and fences a member for an in-place restore.
# directory, binaries, mark (one line with the reason, for the file fence)
user=$(server_user postgres)
data=$directory/data
alone 60
fenced "$mark"
rm -f -- "$directory/restored"
look_at "$data/postmaster.pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
[ "$process" = up ] || exit 0
as "$user" "$binaries/pg_ctl" -D "$data" -m fast -s -w -t 170 stop >/dev/null 2>&1 9>&- || fail "the server did not stop within 170 s"
