# Functions for scripts about Patroni.

# patroni_alive DIRECTORY: whether Patroni runs for that member; sets pid
patroni_alive() {
  first_line "$1/run/patroni.pid"
  pid=$first
  alive "$pid" "$1"
}

# yaml TEXT: the text as a scalar of YAML
yaml() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/''/g")"; }

# A program in Python, which Patroni needs, too. It has ask(method, address, path, body, login): status and text of an answer of
# Patroni's REST API; status 0: there is none, and the text is the reason.
patroni_rest='
import base64, json, os, sys, time
import urllib.error, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
def ask(method, address, path, body=None, login=None, seconds=3):
    headers = {"Content-Type": "application/json"}
    if login:
        headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
    request = urllib.request.Request("http://" + address + "/" + path, data=body and body.encode(), headers=headers, method=method)
    try:
        with opener.open(request, timeout=seconds) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except OSError as silent:
        return 0, str(silent)
def known(address, path):
    status, text = ask("GET", address, path)
    try:
        return json.loads(text) if status else None
    except ValueError:
        return None
'

# patroni_secrets: the part of Patroni's configuration that holds passwords
# superuser, replicator, rewinder and rest_user (names), admin, replication, rewind and rest (their passwords)
# etcd_user (empty: without a login) and etcd_password
patroni_secrets() {
  printf '# Written by Holdfast: the passwords of Patroni.\n'
  printf 'restapi: {authentication: {username: %s, password: %s}}\n' "$(yaml "$rest_user")" "$(yaml "$rest")"
  [ -z "$etcd_user" ] || printf 'etcd3: {username: %s, password: %s}\n' "$(yaml "$etcd_user")" "$(yaml "$etcd_password")"
  printf 'postgresql: {authentication: {'
  printf 'superuser: {username: %s, password: %s}, ' "$(yaml "$superuser")" "$(yaml "$admin")"
  printf 'replication: {username: %s, password: %s}, ' "$(yaml "$replicator")" "$(yaml "$replication")"
  printf 'rewind: {username: %s, password: %s}}}\n' "$(yaml "$rewinder")" "$(yaml "$rewind")"
}
