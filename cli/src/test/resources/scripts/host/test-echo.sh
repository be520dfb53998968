# words: what to say
case "$words" in
  @sleep) sleep 20 ;;
  @fail) say "failed on purpose"; exit 7 ;;
  *) printf '%s\n' "$words" ;;
esac
