# Copies the data of a locked member into the repository, as one compressed file.
# directory: the member's directory; target: the backup's directory, created under that name with .part
# patience: the time limit in seconds
part=$target.part
[ -e "$directory/.copying" ] || fail "the process that keeps this member locked has ended"
rm -rf -- "$part"
umask 077
mkdir -p -- "$part"
need=$(du -sk -- "$directory/data" | cut -f 1)
free=$(df -Pk -- "$part" | awk 'NR == 2 { print $4 }')
[ "$free" -gt "$need" ] || fail "the data needs $need KiB, and the repository has $free KiB free"
if command -v zstd >/dev/null; then file=data.tar.zst press='zstd -q -T0 -3 -c'; else file=data.tar.gz press='gzip -1 -c'; fi
started $$
printf '%s %s\n' $$ "$started" >"$directory/.copying.pid"
owner_of "$directory"
{
  as "$owner" tar -c -C "$directory/data" --exclude=./mongod.lock --exclude=./WiredTiger.lock --exclude=./diagnostic.data --exclude=./rollback -f - . ||
    echo "tar ended with $?" >"$part/failed"
} | $press >"$part/$file" || fail "the backup cannot be written: $(df -Pk -- "$part" | tail -n 1)"
rm -f -- "$directory/.copying.pid"
[ ! -e "$part/failed" ] || fail "the backup is not complete: $(cat -- "$part/failed")"
printf '%s\t%s\n' "$file" "$need" >"$part/taken"
