-- Removes the table of the write load, from any run.
DROP SCHEMA IF EXISTS holdfast_witness CASCADE
