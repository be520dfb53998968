# What scripts about a MongoDB server and its repository share.

# end_server: ends the server of $directory in good order, within 300 s; the end of the script unless nothing of it is left
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

# copy_damage COPY: why a base copy is not as it was written; nothing when it is
copy_damage() {
  there "$1/manifest" || { echo 'its manifest is missing'; return 0; }
  sum=$(sed '$d' "$1/manifest" | sha256sum | cut -c 1-64)
  if [ "$(tail -n 1 -- "$1/manifest")" != "sum$tab$sum" ]; then echo 'its manifest is not as it was written'; return 0; fi
  archive=$(awk -F '\t' '$1 == "archive" { print $2; exit }' "$1/manifest")
  said=$(awk -F '\t' '$1 == "sha256" { print $2; exit }' "$1/manifest")
  there "$1/$archive" || { echo "$archive is missing"; return 0; }
  [ "$(sha256sum -- "$1/$archive" | cut -c 1-64)" = "$said" ] || echo "$archive is not as it was written"
}
