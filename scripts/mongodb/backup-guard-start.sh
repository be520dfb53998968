# Starts the guard process of a member before the member is locked for a backup.
# directory: the member's directory; estate: the directory whose lock the CLI holds; guard: the whole program of the guard
guard_file=$directory/.copying
rm -f -- "$guard_file.pid"
printf 'a backup of this member is in progress\n' >"$guard_file"
printf 'owner=%s\n%s' "'$(cat -- "$estate/.lock.owner" | sed "s/'/'\\\\''/g")'" "$guard" >"$directory/.copy-guard"
sync -- "$directory/.copy-guard"
setsid -f sh "$directory/.copy-guard" </dev/null >/dev/null 2>&1
