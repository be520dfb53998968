# Creates the directory of a pgBackRest server with Holdfast's mark, and its key with a self-signed certificate for ten years.
# directory, mark (the text that Holdfast writes into the directory), name (the certificate's), address (which clients will ask for)
user=$(server_user postgres)
node_folder "$user" log run lock
alone 30
private=$(mktemp -d -- "$directory/conf/.key.XXXXXX")
trap 'rm -rf -- "$private"' EXIT
# not with the machine's openssl.cnf, which can make it an authority that certifies other keys
printf '%s\n' '[req]' 'distinguished_name = name' 'x509_extensions = extensions' '[name]' '[extensions]' \
  'basicConstraints = critical, CA:FALSE' "subjectAltName = DNS:$address" >"$private/request"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -sha256 -days 3650 -subj "/CN=$name" \
  -config "$private/request" -keyout "$private/key" -out "$private/crt" 2>"$private/said" ||
  fail "openssl: $(tail -n 2 "$private/said")"
# one file, so that key and certificate always belong together
(umask 077 && cat -- "$private/key" "$private/crt" >"$private/pem")
chown -- "$user" "$private/pem"
sync -- "$private/pem"
mv -f -- "$private/pem" "$directory/conf/tls.pem"
