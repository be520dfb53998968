# Shared functions of the scripts for MongoDB servers and their repository.

# A member's directory belongs to the user of these scripts, and so do the files that the scripts read and write there. Only data, log
# and run belong to the server's user. Where this user is root, that is another one, who could put links there: nothing is written or
# unpacked there but as that user.

# put_private FILE CONTENT: writes that file in the member's directory atomically, for the server's user ($account) only; the content is
# on disk before it has its name
put_private() {
  rm -f -- "$1.new"
  (umask 077; printf '%s\n' "$2" >"$1.new")
  [ "$account" = "$(id -un)" ] || chown -- "$account" "$1.new"
  sync -- "$1.new"
  mv -f -- "$1.new" "$1"
}

# claim_directory: creates the member's directory, $directory, with $mark, or verifies the mark; sets account to the server's user
claim_directory() {
  account=$(server_user mongod)
  if [ "$account" != "$(id -un)" ]; then
    id -u -- "$account" >/dev/null 2>&1 ||
      fail "the operating system user $account does not exist on this host: adduser --system --group $account"
    command -v setpriv >/dev/null || fail "setpriv is not installed on this host: apt-get install util-linux"
  fi
  mark_ours "$directory" "$mark"
  [ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
  if [ "$account" = "$(id -un)" ]; then chmod 0700 -- "$directory"; return 0; fi
  own_directory 0711
  [ ! -f "$directory/holdfast.restore" ] || chmod 0644 -- "$directory/holdfast.restore" # the server's unit reads it
  as "$account" test -x "$directory" || fail "user $account has no permission to search $directory or one of its parents"
  for part in data log run; do
    [ -e "$directory/$part" ] || continue
    as "$account" test -e "$directory/$part" ||
      fail "user $account has no permission to search the parents of $(readlink -f -- "$directory/$part")"
    whose=$(stat -L -c %U -- "$directory/$part")
    case $whose in root | "$account") ;; *) fail "$directory/$part belongs to $whose, and the server runs as $account" ;; esac
  done
}

# own_files: fails when a folder of the server's user ($account) has a server's file of another user, which the server could not open. A person
# who starts a server as root leaves such files; this user does not give them away, because the server's user could have put links there.
own_files() {
  [ "$account" != "$(id -un)" ] || return 0
  for part in data log; do
    [ "$(stat -L -c %U -- "$directory/$part" 2>/dev/null)" = "$account" ] || continue
    stray=$(find -H "$directory/$part" ! -user "$account" \( -name '*.wt' -o -name 'WiredTiger*' -o -name mongod.lock -o -name storage.bson \
      -o -name 'mongo[ds].log' \) -print -quit 2>/dev/null) || true # a running server removes files meanwhile
    whose=$(stat -c %U -- "$stray" 2>/dev/null) || continue
    [ "$whose" = "$account" ] || fail "$stray belongs to $whose, and the server runs as $account: chown -R -h $account $directory/$part"
  done
}

# give_folders: creates data, log and run of a member that does not run, for the server's user ($account). What belongs to root, as in a
# member of an earlier version, becomes the user's; a folder itself is the last of its files, so an interrupted run is repeated. No other
# user could write there before, so no link can be there that root did not make.
give_folders() {
  for part in data log run; do
    mkdir -p -m 0700 -- "$directory/$part"
    [ "$account" != "$(id -un)" ] || continue
    if [ "$(stat -L -c %U -- "$directory/$part")" != "$account" ]; then chown -R -h -- "$account" "$directory/$part/."; fi
  done
}

# able PROGRAM: fails unless the server's user ($account) can execute that program
able() {
  [ "$account" != "$(id -un)" ] || return 0
  path=$(command -v -- "$1") || fail "there is no program $1"
  as "$account" test -x "$path" || fail "user $account has no permission to execute $path, or to search one of its parents"
}

# node_lock SECONDS: locks the member against other starts and stops until this script ends; a running one has this long to end
node_lock() {
  kept_mask=$(umask)
  umask 077 # who can read it can lock it
  exec 9>>"$directory/.lock"
  umask "$kept_mask"
  flock -w "$1" 9 || fail "another start or stop of this node has been running for $1 s"
}

# record_restore STATE ORDER: records the progress of a restore on disk; the server's unit reads it as the server's user
record_restore() {
  (umask 022; printf '%s %s\n' "$1" "$2" >"$directory/holdfast.restore.new")
  sync -- "$directory/holdfast.restore.new"
  mv -f -- "$directory/holdfast.restore.new" "$directory/holdfast.restore"
}

# launched OUTPUT PROGRAM CONFIGURATION: starts a server as its user ($account), which writes its process id into
# run/pid; sets pid. The server gets no lock of this script.
launched() {
  (become "$account" setsid sh -c 'rm -f -- "$1.new" "$2" && echo $$ >"$1.new" && mv -f -- "$1.new" "$1" && exec "$3" -f "$4" >"$2" 2>&1' start \
    "$directory/run/pid" "$@") </dev/null >/dev/null 2>&1 9>&- &
  pid=$!
}

# output_of LOG BYTES: what a server wrote to LOG.out, and to its log after so many bytes, read as its user ($account)
output_of() {
  as "$account" sh -c 'cat -- "$1.out"; tail -c "+$(($2 + 1))" -- "$1"' sh "$1" "$2" 2>/dev/null || true
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
