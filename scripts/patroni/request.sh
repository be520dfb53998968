# Sends a request that changes something to Patroni's REST API; prints its answer, and fails unless the request was done.
# method, address, path, body (JSON), rest_user, rest (its password), seconds (how long to wait for the answer)
if answer=$(METHOD=$method ADDRESS=$address ASK=$path BODY=$body LOGIN=$rest_user:$rest SECONDS_TO_WAIT=$seconds \
  /usr/bin/python3 -c "$patroni_rest"'
of = os.environ
status, text = ask(of["METHOD"], of["ADDRESS"], of["ASK"], of["BODY"], of["LOGIN"], int(of["SECONDS_TO_WAIT"]))
print(status or "no answer", text.strip())
sys.exit(0 if 200 <= status < 300 else 1)' 2>&1)
then printf '%s\n' "$answer"
else fail "Patroni at $address: $answer"
fi
