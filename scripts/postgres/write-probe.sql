-- An attempt to write: needs a transaction number and a commit, and leaves nothing.
CREATE TEMPORARY TABLE holdfast_write_probe (n int) ON COMMIT DROP
