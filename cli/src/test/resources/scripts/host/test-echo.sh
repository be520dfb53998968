# words: what to say; @child FILE: start a child, write its pid there, and wait for it
case "$words" in
  @sleep) sleep 20 ;;
  '@child '*) sleep 300 & echo $! >"${words#* }"; wait ;;
  @fail) say "failed on purpose"; exit 7 ;;
  *) printf '%s\n' "$words" ;;
esac
