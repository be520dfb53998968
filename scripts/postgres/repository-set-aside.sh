# Moves archived WAL of another server out of the archive, on the repository host. All files stay in the repository of the system, in
# set-aside. A second run moves what is left. The last segment is moved first: the first one has the proof of the other promotion.
# folder (a repository per system below it), system (its identifier), stanza, names (of the archived files, one a line; each ends with
# the checksum of its contents, so no other file is moved)
user=$(server_user postgres)
repo=$folder/$system
place=$repo/set-aside/$stanza
as "$user" mkdir -p -m 0750 -- "$place" || fail "user $user may not write to $repo"
printf '%s\n' "$names" | sort -r | while read -r name; do
  [ -n "$name" ] || continue
  expr "x$name" : 'x[0-9A-F]\{24\}-[0-9a-f]\{40\}[.a-z0-9]*$' >/dev/null || fail "$name is not the name of an archived segment"
  part=${name%%-*}
  for file in "$repo/archive/$stanza"/*/"${part%????????}/$name"; do
    [ ! -f "$file" ] || as "$user" mv -- "$file" "$place/$name"
  done
done
