# The operator of scripts/bench.d/soak, who knows only what Holdfast prints. The operator runs the commands of its hints in their order,
# does on the hosts what a hint asks for, gives an override when no command is left, and accepts a loss last of all. A file that
# sources this sets cluster and members, and defines power_on, power_off, is_on, freeze, thaw and uncut.
consents=() # the bounds that were printed before a loss was accepted: "commits N", "since TIME" or "unknown"

# hints FILE: the hints of an output, one per line
hints() { grep -E 'HINT:|^\[ *[0-9.]+\] note |^note: ' "$1" | grep -v 'apply never moves the primary' || true; } # that is no trouble
# commands FILE: what its hints advise to run, in their order. "Again" and "with FLAGS" mean the command that said so.
commands() {
  local of member flags
  of=$(sed -nE '1s/^. holdfast (.*)$/\1/p' "$1" | sed -E 's/ (--detailed-exitcode|--nagios)//g')
  one_of "${members[@]}"
  member=$picked
  {
    hints "$1" | sed -E "s/--to NAME/--to $member/g" |
      { grep -oE "holdfast (apply|failover|rejoin|switchover)( +(--to [a-z0-9]+|--override=[a-z-]+|--accept-data-loss|[a-z0-9-]+(/[a-z0-9-]+)+|$cluster))*" || true; } | sed 's/^holdfast //'
    hints "$1" | sed -E 's/holdfast [^;]*//g' | grep -oE '(with|and) (--to [a-z0-9]+ ?|--override=[a-z-]+ ?|--accept-data-loss ?)+' | while read -r _ flags; do echo "$of $flags"; done
  } | sed 's/ *$//' | awk '!seen[$0]++'
}
kind_of() { # COMMAND
  case $1 in *--accept-data-loss*) echo loss ;; *--override=*) echo override ;; *) echo plain ;; esac
}
# by_hand FILE: does what a hint asks for on the hosts; false when there is nothing to do
by_hand() {
  if ! is_anything_away; then
    hints "$1" | grep -qE 'wait|another run|in a moment|hosts? answer' && ((++waited <= 5)) || return 1
    sleep 5
    return 0
  fi
  hints "$1" | grep -qE 'hosts? answer|restore the connection|stop the process|wait|host works|find out|data directory of' || return 1
  chance 3
  if ((n == 0)) && grep -qE 'switch (the host|that host|these hosts) off' "$1"; then
    return 1 # the operator chooses the override, and switches off what it is about
  fi
  come_back
}
is_anything_away() { ((${#cut[@]} + ${#frozen[@]} + ${#off[@]} > 0)); }
come_back() { # what was away comes back, as machines do
  uncut
  thaw
  local host
  for host in "${off[@]}"; do power_on "$host"; done
  off=()
  tried=() # every command can have another result now
  echo "by hand: what was cut, frozen or off comes back" >>"$said"
}
off=() # hosts that the operator has switched off
switch_off() { # the hosts that no packet reaches
  local host
  for host in "${members[@]}"; do
    if [[ " ${cut[*]} " == *" $host from "* ]]; then
      power_off "$host"
      off+=("$host")
      echo "by hand: $host is switched off" >>"$said"
    fi
  done
}

# consent COMMAND FILE: notes the bound that Holdfast has printed for it in that output
consent() {
  local file=$2 line commits='' since=''
  case $1 in
    rejoin*) line=$(hints "$file" | grep -oE "holdfast $1 gives up [^;]*" | head -n 1)
      commits=$(grep -oE '[0-9]+ commits?' <<<"$line" | grep -oE '[0-9]+') || commits= ;;
    *) line=$(grep -oE 'at most lost: .*' "$file" | tail -n 1) || line=
      commits=$(grep -oE 'with [0-9]+ commit' <<<"$line" | grep -oE '[0-9]+' | head -n 1) || commits=
      since=$(grep -oE 'committed after [0-9TZ:.-]+' <<<"$line" | grep -oE '[0-9]{4}[0-9TZ:.-]+' | head -n 1) || since= ;;
  esac
  if [[ -n $commits ]]; then consents+=("commits $commits")
  elif [[ -n $since ]]; then consents+=("since $since")
  elif [[ $line == *unknown* ]]; then consents+=("unknown")
  else violation="the loss of \"$1\" was to be accepted, and no bound was printed"; fi
  consent=$file
}
# excess LOST FIRST: why a loss is more than what was consented to; FIRST is when the first lost row was acknowledged, in ms
excess() {
  (($1 > 0)) || return 0
  local one commits=0 since='' at
  for one in "${consents[@]}"; do
    case $one in
      commits*) commits=$((commits + ${one#commits })) ;;
      since*) at=$(date -d "${one#since }" +%s%3N); [[ -n $since ]] && ((since < at)) || since=$at ;;
      *) return 0 ;; # an unknown amount was announced
    esac
  done
  if ((${#consents[@]} == 0)); then echo "$1 acknowledged rows are lost, and no loss was accepted"
  elif [[ -n $since ]]; then (($2 > since - 1000)) || echo "$1 acknowledged rows are lost, one of $((since - $2)) ms before the accepted time"
  elif (($1 > commits)); then echo "$1 acknowledged rows are lost, accepted were $commits"; fi
}

# next_command FILE...: sets next to the first command of these outputs that was not tried since something has changed
next_command() {
  local wanted file hint
  next=
  for wanted in plain override loss; do
    for file in "$@"; do
      if [[ $wanted == override ]] && by_hand "$file"; then next=again; return 0; fi
    done
    # shellcheck disable=SC2143 # with -q, grep ends before the other has written all
    if [[ $wanted == loss ]] && is_anything_away && [[ -z $(commands "$1" | grep -- '--override=fenced-by-hand') ]]; then
      come_back; next=again; return 0
    fi
    for file in "$@"; do
      while read -r hint; do
        [[ -n $hint && $(kind_of "$hint") == "$wanted" && -z ${tried[$hint]:-} ]] || continue
        next=$hint
        if [[ $wanted == loss ]]; then break 3; fi
        return 0
      done < <(if [[ $wanted == loss ]]; then least_loss "$file"; else commands "$file"; fi)
    done
  done
  [[ -n $next ]] || return 0
  consent "$next" "$file"
}
least_loss() { # FILE: its commands that accept a loss, the smallest loss first
  local hint
  commands "$1" | grep -- --accept-data-loss | while read -r hint; do
    printf '%s\t%s\n' "$(hints "$1" | grep -oE "holdfast $hint gives up [0-9]+" | grep -oE '[0-9]+$' || echo 999999999)" "$hint"
  done | sort -n | cut -f2
}

operate() {
  local next last='' last_code=0 looked='' planned=0 changed waited=0 resumed=0
  declare -A tried=()
  local heard=() # what commands have said since one has changed something, the newest first
  consents=() off=()
  chance 4
  local comes_back=$((n + 1))
  local look=1 # a refusal has changed nothing: its hints are followed without another look
  while :; do
    if ((look)); then
      run_command plan --detailed-exitcode
      looked=$said planned=$code
      if ((code == 0)); then
        run_command status --nagios
        if ((code == 0)); then
          is_anything_away || return 0
          come_back
          continue
        fi
      fi
    fi
    [[ -z $violation ]] || return 0
    ((++advised <= commands_at_most)) || { violation="no hint led out after $commands_at_most commands"; return 0; }
    if ((advised == comes_back)) && is_anything_away; then come_back; fi
    next=
    if ((look && planned == 2)); then
      if [[ -z ${tried[apply]:-} ]]; then next=apply; else next_command "$looked" "${heard[@]}"; fi
    elif ((look)); then next_command "$looked" "${heard[@]}"
    else next_command "${heard[@]}" "$looked"; fi
    if [[ -z $next ]] && is_anything_away; then come_back; next=again; fi
    if [[ $next == again ]]; then
      tried=()
      look=1
      [[ -n $last ]] || continue
      next=$last
    fi
    if [[ -z $next ]] && ((last_code == 8 || last_code == 9)) && ((++resumed <= 3)); then next=$last; sleep 5; fi
    if [[ -z $next ]] && ((look == 0 || planned == 0 || planned == 10)); then # it may have changed by itself
      sleep 5
      ((look == 0 || planned == 0)) || tried=()
      look=1
      continue
    fi
    [[ -n $next ]] || { violation="a dead end: no hint of \"$last\" (exit $last_code) was left to follow"; return 0; }
    if [[ $next == *fenced-by-hand* ]]; then switch_off; fi
    tried[$next]=1
    # shellcheck disable=SC2086 # a command and its arguments
    run_command $next
    last=$next last_code=$code
    look=$((code == 0 || code == 5))
    changed=$(grep -cE '^\[ *[0-9.]+\] done' "$said") || true
    if ((changed > 0)); then tried=() heard=(); fi
    heard=("$said" "${heard[@]}")
  done
}
