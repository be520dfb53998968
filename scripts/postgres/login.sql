-- Tests the login of a role with its password; changes nothing.
SELECT current_user AS me
