# Reports the progress of a restore into a directory; changes nothing.
# directory
# Answers, fields separated by a tab:
#   order TEXT       the restore in progress, from restore-copy.sh
#   done TEXT        the finished and verified restore
#   data absent|recovery|primary|standby
#   process up|down
#   reached TEXT     the server's message at the end of replay
#   free BYTES       on the file system
data=$directory/data
for word in order:restoring done:restored; do
  file=$directory/${word#*:}
  line=
  [ ! -s "$file" ] || { IFS= read -r line <"$file" || true; printf '%s\t%s\n' "${word%:*}" "$line"; }
done
part=absent
if [ -f "$data/PG_VERSION" ]; then
  part=primary
  [ ! -f "$data/standby.signal" ] || part=standby
  [ ! -f "$data/recovery.signal" ] || part=recovery
fi
printf 'data\t%s\n' "$part"
look_at "$data/postmaster.pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
printf 'process\t%s\n' "$process"
reached=
[ ! -f "$directory/log/restore.log" ] ||
  reached=$(sed -n '/LOG:  *recovery stopping /{s/.*LOG:  *\(recovery stopping .*\)/\1/;h;};${x;p;}' "$directory/log/restore.log" 2>/dev/null)
[ -z "$reached" ] || printf 'reached\t%s\n' "$reached"
step=$directory
while [ ! -e "$step" ]; do step=$(dirname -- "$step"); done
df -B1 --output=avail -- "$step" | { read -r _ && read -r free && printf 'free\t%s\n' "$free"; }
