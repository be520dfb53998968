# Records in the repository that a restore was verified.
# folder (of the repositories), order (the line in the file restoring), moment (RFC 3339: when it was verified)
[ -d "$folder" ] || exit 0
printf '%s %s\n' "$moment" "$order" | put_as "$(stat -c %U -- "$folder")" "$folder/proven" 0644
