-- Takes back what ALTER SYSTEM has set.
ALTER SYSTEM RESET :"name"
