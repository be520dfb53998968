-- Removes the witness's place, whichever run made it.
DROP SCHEMA IF EXISTS holdfast_witness CASCADE
