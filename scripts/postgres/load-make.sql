-- The table of the write load; position is the server's own counter, in the order of writes.
CREATE SCHEMA IF NOT EXISTS holdfast_witness;
CREATE TABLE holdfast_witness.:"table" (
  id bigint NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  payload bytea NOT NULL
);
