# A client that writes numbered rows while a part of scripts/bench does something to the servers: bench.d/FailoverWriter.java.
# The part sets work and has sourced lib.sh.
app=$root/cli/target/app/$(<"$root/cli/target/app/current")
writer_start() { # ENTRANCE USER PASSWORD
  coproc writer { exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$app/holdfast.jar:$app/lib/*" "$root/scripts/bench.d/FailoverWriter.java" "$@" 2>>"$work/writer.log"; }
  exec {writer_in}>&"${writer[1]}" {writer_out}<&"${writer[0]}" # those of a coprocess do not reach subshells
  sleep 5
}
# ask_writer WORD: the writer's answer to that word
ask_writer() { echo "$1" >&"$writer_in"; read -r -t 120 answer <&"$writer_out"; echo "$answer"; }
writer_end() { # sets written and lost
  read -r written lost <<<"$(ask_writer end)"
  exec {writer_in}>&- {writer_out}<&-
  wait "$writer_PID" 2>/dev/null || true
}
