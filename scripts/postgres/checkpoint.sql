-- Writes everything out, so that a stop is short.
CHECKPOINT
