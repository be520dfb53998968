# How far a restore into a folder has come; changes nothing.
# directory
# Answers, fields separated by a tab:
#   order TEXT       what is being brought back there, by restore-copy.sh
#   done TEXT        what was brought back there and verified
#   data absent|recovery|primary|standby
#   process up|down
#   reached TEXT     what the server said when it stopped to replay
#   free BYTES       on the file system
data=$directory/data
for word in order:restoring done:restored; do
  file=$directory/${word#*:}
  [ ! -s "$file" ] || printf '%s\t%s\n' "${word%:*}" "$(head -n 1 -- "$file")"
done
part=absent
if [ -f "$data/PG_VERSION" ]; then
  part=primary
  [ ! -f "$data/standby.signal" ] || part=standby
  [ ! -f "$data/recovery.signal" ] || part=recovery
fi
printf 'data\t%s\n' "$part"
if alive "$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)" "$directory"; then echo "process	up"; else echo "process	down"; fi
reached=$(sed -n 's/.*LOG:  *\(recovery stopping .*\)/\1/p' "$directory/log/restore.log" 2>/dev/null | tail -n 1)
[ -z "$reached" ] || printf 'reached\t%s\n' "$reached"
step=$directory
while [ ! -e "$step" ]; do step=$(dirname -- "$step"); done
printf 'free\t%s\n' "$(df -B1 --output=avail -- "$step" | tail -n 1 | tr -d ' ')"
