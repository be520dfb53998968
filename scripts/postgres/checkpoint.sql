-- Writes a checkpoint, so that the next shutdown is short.
CHECKPOINT
