# Sets somebody to look after a member before it is locked for a copy.
# directory: the member's folder; estate: the folder whose lock the CLI holds; guard: the whole program that looks after it
guard_file=$directory/run/copying
rm -f -- "$guard_file.pid"
printf 'a copy of this member is being made\n' >"$guard_file"
printf 'owner=%s\n%s' "'$(cat -- "$estate/.lock.owner" | sed "s/'/'\\\\''/g")'" "$guard" >"$directory/run/copy-guard"
sync -- "$directory/run/copy-guard"
setsid -f sh "$directory/run/copy-guard" </dev/null >/dev/null 2>&1
