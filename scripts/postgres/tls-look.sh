# Reports the pgBackRest servers of a host; changes nothing.
# nodes: one line per server, fields separated by a tab: id, directory
# Answers, fields separated by a tab:
#   certificate ID BODY          its own certificate, without first and last line
#   ending ID                    the certificate expires within 30 days
#   trusts ID BODY               a certificate that it accepts
#   inputs ID TEXT               the inputs of the present configuration
#   edited ID                    the configuration was changed manually
#   stale ID                     the configuration or the certificates are newer than the process
certificates() { # KIND ID FILE
  body=
  while IFS= read -r line; do
    case $line in
      *'BEGIN CERTIFICATE'*) body=: ;;
      *'END CERTIFICATE'*) printf '%s\t%s\t%s\n' "$1" "$2" "${body#:}"; body= ;;
      *) [ -z "$body" ] || body=$body$line ;;
    esac
  done <"$3"
}
while IFS="$tab" read -r id directory; do
  conf=$directory/conf
  if [ -f "$conf/tls.pem" ]; then
    certificates certificate "$id" "$conf/tls.pem"
    openssl x509 -checkend 2592000 -noout -in "$conf/tls.pem" >/dev/null 2>&1 || printf 'ending\t%s\n' "$id"
  fi
  [ ! -f "$conf/trusted.pem" ] || certificates trusts "$id" "$conf/trusted.pem"
  second=
  { read -r first && read -r second; } 2>/dev/null <"$conf/server.conf" || true
  inputs=${second#\# }
  [ "$inputs" = "$second" ] || printf 'inputs\t%s\t%s\n' "$id" "$inputs"
  [ ! -d "$conf" ] || cmp -s -- "$conf/server.conf" "$conf/server.conf.written" || printf 'edited\t%s\n' "$id"
  for file in server.conf tls.pem trusted.pem; do
    [ ! "$conf/$file" -nt "$directory/run/pgbackrest.pid" ] || { printf 'stale\t%s\n' "$id"; break; }
  done
done <<END
$nodes
END
