-- What is there of the witness's writes.
SELECT id, position FROM holdfast_witness.:"table" ORDER BY position
