# Reports the pgBackRest servers of a host; changes nothing.
# nodes: one line per server, fields separated by a tab: id, directory
# Records:
#   certificate id body          its own certificate, without first and last line
#   ending id                    the certificate expires within 30 days
#   trusted id body              a certificate that it accepts
#   inputs id text               the inputs of the present configuration
#   edited id                    the configuration was changed manually
#   stale id                     the configuration or the certificates are newer than the process
begin_records postgres/tls-look
certificates() { # TYPE ID FILE
  body=
  while IFS= read -r line; do
    case $line in
      *'BEGIN CERTIFICATE'*) body=: ;;
      *'END CERTIFICATE'*) record "$1" id "$2" body "${body#:}"; body= ;;
      *) [ -z "$body" ] || body=$body$line ;;
    esac
  done <"$3"
}
while IFS="$tab" read -r id directory; do
  conf=$directory/conf
  if [ -f "$conf/tls.pem" ]; then
    certificates certificate "$id" "$conf/tls.pem"
    openssl x509 -checkend 2592000 -noout -in "$conf/tls.pem" >/dev/null 2>&1 || record ending id "$id"
  fi
  [ ! -f "$conf/trusted.pem" ] || certificates trusted "$id" "$conf/trusted.pem"
  second=
  { read -r first && read -r second; } 2>/dev/null <"$conf/server.conf" || true
  inputs=${second#\# }
  [ "$inputs" = "$second" ] || record inputs id "$id" text "$inputs"
  [ ! -d "$conf" ] || cmp -s -- "$conf/server.conf" "$conf/server.conf.written" || record edited id "$id"
  for file in server.conf tls.pem trusted.pem; do
    [ ! "$conf/$file" -nt "$directory/run/pgbackrest.pid" ] || { record stale id "$id"; break; }
  done
done <<END
$nodes
END
end_records
