-- One write of the witness: its number and its payload.
INSERT INTO holdfast_witness.:"table" (id, payload) VALUES (?, ?)
