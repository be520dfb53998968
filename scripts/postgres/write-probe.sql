-- A test write: needs a transaction id and a commit, and leaves no data.
CREATE TEMPORARY TABLE holdfast_write_probe (n int) ON COMMIT DROP
