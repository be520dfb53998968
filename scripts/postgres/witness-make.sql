-- The witness's place; position is the server's own count, in the order of writing.
CREATE SCHEMA IF NOT EXISTS holdfast_witness;
CREATE TABLE holdfast_witness.:"table" (
  id bigint NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  payload bytea NOT NULL
);
