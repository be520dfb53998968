-- The stored writes of the load.
SELECT id, position FROM holdfast_witness.:"table" ORDER BY position
