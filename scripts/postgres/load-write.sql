-- One write of the load: its number and its payload.
INSERT INTO holdfast_witness.:"table" (id, payload) VALUES (?, ?)
