# What a server that replayed archived operations has written about it since it was started; changes nothing.
# directory
# Answers: top <tab> seconds <tab> increment: the last operation it found; applied <tab> how many it applied
since=$(cat -- "$directory/run/logged" 2>/dev/null || echo 0)
tail -c "+$((since + 1))" "$directory/log/restore.log" 2>/dev/null |
  grep -E '"topOfOplog"|"numOpsApplied"' |
  sed -n 's/.*"topOfOplog":{"ts":{"$timestamp":{"t":\([0-9]*\),"i":\([0-9]*\)}}.*/top\t\1\t\2/p
          s/.*"numOpsApplied":\([0-9]*\).*/applied\t\1/p'
