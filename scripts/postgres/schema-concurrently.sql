-- Builds or drops an index while everybody goes on reading and writing; cannot be part of a transaction.
:[statement]
