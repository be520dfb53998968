# The clusters that are in maintenance, according to this host's record; changes nothing.
# directory: the estate's directory
# Prints, separated by a tab: cluster, since, reason
cat -- "$directory/.maintenance" 2>/dev/null || true
