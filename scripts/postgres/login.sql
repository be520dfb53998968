-- Whether a role may come in with its password; changes nothing.
SELECT current_user AS me
