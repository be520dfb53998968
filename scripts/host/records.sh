# Functions that print what a script reports: records in JSON Lines, between a header and an end that states their number. Java reads
# an answer only when it is complete. A record of a usual value starts no program.

# begin_records SCRIPT: prints the header; SCRIPT is the script's file without its ending, such as postgres/look
begin_records() {
  printed_records=0
  printf '{"v":1,"script":"%s"}\n' "$1"
}

# record TYPE NAME VALUE...: prints one record; every value becomes a JSON string
record() {
  json_line="{\"t\":\"$1\""
  shift
  while [ $# -gt 0 ]; do
    case $2 in
      *[\\\"[:cntrl:]]*) json_escape "$2" ;;
      *) json_text=$2 ;;
    esac
    json_line="$json_line,\"$1\":\"$json_text\""
    shift 2
  done
  printf '%s}\n' "$json_line"
  printed_records=$((printed_records + 1))
}

# add_records LINES: prints records that a program has made, one a line, and counts them
add_records() {
  [ -n "$1" ] || return 0
  printf '%s\n' "$1"
  set -f
  json_ifs=$IFS
  IFS=$newline
  # shellcheck disable=SC2086 # several lines
  set -- $1
  IFS=$json_ifs
  set +f
  printed_records=$((printed_records + $#))
}

# end_records: prints the end; an answer without it counts as truncated
end_records() { printf '{"t":"end","records":%s}\n' "$printed_records"; }

# json_escape TEXT: sets json_text to the text inside a JSON string. A control code other than tab and line end becomes U+FFFD, because
# a terminal would obey it.
json_escape() {
  json_left=$1 json_text=
  while :; do
    json_plain=${json_left%%[\\\"[:cntrl:]]*}
    json_text=$json_text$json_plain
    json_left=${json_left#"$json_plain"}
    case $json_left in
      '') return 0 ;;
      \\*) json_text="$json_text\\\\" ;;
      \"*) json_text="$json_text\\\"" ;;
      "$tab"*) json_text="$json_text\\t" ;;
      "$newline"*) json_text="$json_text\\n" ;;
      *) json_text="$json_text\\ufffd" ;;
    esac
    json_left=${json_left#?}
  done
}

# For programs in awk: record(type, name, value...) prints one record of up to eight values. Their output is for add_records.
awk_records='
  function json_text(text,   i, c, escaped) {
    if (text !~ /[\001-\037\177"\\]/) return text
    for (i = 1; i <= length(text); i++) {
      c = substr(text, i, 1)
      escaped = escaped (c == "\"" || c == "\\" ? "\\" c : c == "\t" ? "\\t" : c == "\n" ? "\\n" : c ~ /[\001-\037\177]/ ? "\\ufffd" : c)
    }
    return escaped
  }
  function json_pair(name, value) { return name == "" ? "" : ",\"" name "\":\"" json_text(value) "\"" }
  function record(type, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) {
    print "{\"t\":\"" type "\"" json_pair(a, b) json_pair(c, d) json_pair(e, f) json_pair(g, h) json_pair(i, j) json_pair(k, l) \
      json_pair(m, n) json_pair(o, p) "}"
  }
'
