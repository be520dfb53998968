# Reloads the configuration of a PgBouncer; sessions continue.
# directory
said=$(console "$directory" 5 RELOAD) || fail "the console does not answer: $said"
