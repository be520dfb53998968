# Takes a break off the record without saying its mend.
# directory: the estate's folder; fault: the break's name
rm -rf -- "$directory/.faults/$fault"
