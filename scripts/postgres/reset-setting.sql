-- Resets a setting of ALTER SYSTEM.
ALTER SYSTEM RESET :"name"
