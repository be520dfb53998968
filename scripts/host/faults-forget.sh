# Removes a fault from the record without executing its revert.
# directory: the estate's directory; fault: the fault's name
rm -rf -- "$directory/.faults/$fault"
