-- Keeps the log no longer for somebody who does not come for it.
SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = :'slot' AND NOT active
