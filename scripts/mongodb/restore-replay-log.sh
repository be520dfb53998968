# Reads what a standalone server logged about its replay since its start; changes nothing.
# directory
# Output: top <tab> seconds <tab> increment: the last operation of its oplog; applied <tab> the number of applied operations
since=$(cat -- "$directory/.logged" 2>/dev/null || echo 0)
tail -c "+$((since + 1))" "$directory/log/restore.log" 2>/dev/null |
  grep -E '"topOfOplog"|"numOpsApplied"' |
  sed -n 's/.*"topOfOplog":{"ts":{"$timestamp":{"t":\([0-9]*\),"i":\([0-9]*\)}}.*/top\t\1\t\2/p
          s/.*"numOpsApplied":\([0-9]*\).*/applied\t\1/p'
