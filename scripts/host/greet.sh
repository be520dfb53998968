# Prints nothing; shows that the host answers and accepts the login.
echo here
