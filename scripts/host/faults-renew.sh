# Tells those who wait to mend that the CLI is alive.
# directory: the estate's folder; beat: any word that was not said before
for folder in "$directory/.faults/"*; do
  [ ! -d "$folder" ] || { echo "$beat" >"$folder/.beat" && mv -f -- "$folder/.beat" "$folder/beat"; } 2>/dev/null || true
done
