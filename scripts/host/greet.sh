# Nothing but an answer: the host is there and lets us in.
echo here
