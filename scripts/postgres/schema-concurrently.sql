-- Builds or drops an index while clients continue to read and write; cannot be part of a transaction.
:[statement]
