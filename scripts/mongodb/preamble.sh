# Shared functions of the scripts for MongoDB servers and their repository.

# put_private FILE CONTENT: writes that file atomically, for this user only; the content is on disk before it has its name
put_private() {
  rm -f -- "$1.new"
  (umask 077; printf '%s\n' "$2" >"$1.new")
  sync -- "$1.new"
  mv -f -- "$1.new" "$1"
}

# end_server: shuts the server of $directory down cleanly within 300 s; fails unless no process is left
end_server() {
  look_at "$directory/run/pid" "$directory"
  [ "$process" != unknown ] || fail "$unseen"
  if [ "$process" = up ]; then
    kill -TERM "$pid"
    left=3000
    while alive "$pid" "$directory"; do
      [ "$left" -gt 0 ] || fail "process $pid did not end within 300 s of SIGTERM"
      left=$((left - 1)); sleep 0.1
    done
  fi
  must_be_stopped "$directory/run/pid" "$directory"
}

# unusable: from a server log on standard input, why the server cannot continue with its data; nothing if it can
unusable() {
  awk '/"msg":"MongoDB starting"/ { why = "" }
    /[Tt]oo stale to catch up/ { why = "the member is too stale: no member has the operations after its last one" }
    /UnrecoverableRollbackError/ { why = "the rollback is not possible (UnrecoverableRollbackError)" }
    /"s":"F", *"c":"ROLLBACK"/ { why = "the member would have to roll back operations that it has committed, which is not possible" }
    /"msgid":5007100,/ { why = "the member would have to roll back operations that it has committed, which is not possible" }
    END { print why }'
}

# copy_damage COPY: the damage of a base backup; no output if it is undamaged
copy_damage() {
  there "$1/manifest" || { echo 'the manifest is missing'; return 0; }
  sum=$(sed '$d' "$1/manifest" | sha256sum | cut -c 1-64)
  if [ "$(tail -n 1 -- "$1/manifest")" != "sum$tab$sum" ]; then echo 'the manifest differs from its checksum'; return 0; fi
  archive=$(awk -F '\t' '$1 == "archive" { print $2; exit }' "$1/manifest")
  said=$(awk -F '\t' '$1 == "sha256" { print $2; exit }' "$1/manifest")
  there "$1/$archive" || { echo "$archive is missing"; return 0; }
  [ "$(sha256sum -- "$1/$archive" | cut -c 1-64)" = "$said" ] || echo "$archive differs from its checksum"
}
