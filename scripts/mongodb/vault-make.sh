# Makes a cluster's folder in the repository, with a mark by which every host can tell that it sees the same one.
# root: the cluster's folder in it; mark: what is written there when there is no mark yet
umask 077
mkdir -p -- "$root"
[ -f "$root/holdfast.repository" ] || printf '%s\n' "$mark" >"$root/holdfast.repository"
sync -- "$root/holdfast.repository"
