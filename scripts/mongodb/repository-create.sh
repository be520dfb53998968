# Creates a cluster's directory in the repository, with a mark by which every host can verify that it has the same one.
# root: the cluster's directory in the repository; mark: the new mark, if none exists
umask 077
mkdir -p -- "$root"
[ -f "$root/holdfast.repository" ] || printf '%s\n' "$mark" >"$root/holdfast.repository"
sync -- "$root/holdfast.repository"
