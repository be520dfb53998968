# Pauses a PgBouncer: its clients wait, and no new transaction starts. Waits a limited time for transactions in progress.
# directory, databases (their names, one a line), seconds (limit for transactions in progress; longer ones continue)
alone 30
while IFS= read -r database; do
  # the pause request stays after the time limit: the database is paused, and its last transaction continues
  console "$directory" "$seconds" "PAUSE \"$database\"" >/dev/null 9>&- &
done <<END
$databases
END
wait
