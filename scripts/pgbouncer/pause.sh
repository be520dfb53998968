# Lets the clients of a PgBouncer wait: no new transaction begins. It is waited for the transactions under way, or not.
# directory, databases (their names, one a line), seconds (how long transactions under way may take; those that go on do so)
alone 30
while IFS= read -r database; do
  # whoever is not waited for any longer stays asked for: the database is paused, and its last transaction goes on
  console "$directory" "$seconds" "PAUSE \"$database\"" >/dev/null 9>&- &
done <<END
$databases
END
wait
