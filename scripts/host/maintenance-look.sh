# Which clusters are in maintenance, by this host's record; changes nothing.
# directory: the estate's folder
# Answers, separated by a tab: cluster, since, reason
cat -- "$directory/.maintenance" 2>/dev/null || true
