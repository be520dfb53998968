# Asks one server for its role from its own host: it can be healthy although the CLI's host does not reach it.
# address, port
# Records: answer role (primary, secondary or other); none if it does not answer. Fails if this host has neither bash nor perl.
begin_records mongodb/hello-on-host
command -v bash >/dev/null || command -v perl >/dev/null || fail "neither bash nor perl is installed on this host"
reply=$(
  # one message of the wire protocol: { hello: 1, $db: "admin" }
  hello='\064\0\0\0\01\0\0\0\0\0\0\0\335\07\0\0\0\0\0\0\0\037\0\0\0\020hello\0\01\0\0\0\02$db\0\06\0\0\0admin\0\0'
  if command -v bash >/dev/null; then
    timeout 5 bash -c '
      exec 3<>"/dev/tcp/$1/$2" || exit 0
      printf "$3" >&3
      dd bs=65536 count=1 <&3 2>/dev/null' ask "$address" "$port" "$hello" 2>/dev/null
  else
    # shellcheck disable=SC2059 # the bytes are written as escapes
    printf "$hello" | timeout 5 perl -MSocket -e '
      my ($address, $port) = @ARGV;
      socket(my $socket, PF_INET, SOCK_STREAM, 0) or exit 0;
      connect($socket, pack_sockaddr_in($port, inet_aton($address))) or exit 0;
      local $/; syswrite $socket, <STDIN>; sysread $socket, my $reply, 65536; print $reply' "$address" "$port" 2>/dev/null
  fi | od -An -v -tx1 | tr -d ' \n'
)
case $reply in
  '') ;;
  *69735772697461626c655072696d6172790001*) record answer role primary ;; # isWritablePrimary: true
  *7365636f6e646172790001*) record answer role secondary ;; # secondary: true
  *) record answer role other ;; # any other reply also shows that it runs
esac
end_records
