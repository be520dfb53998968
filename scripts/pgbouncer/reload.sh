# Lets a PgBouncer read its configuration again; sessions go on.
# directory
said=$(console "$directory" 5 RELOAD) || fail "the console does not answer: $said"
