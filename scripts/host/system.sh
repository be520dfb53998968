# Reports the operating system of a host; changes nothing.
# Records: host-system name kernel architecture (name: as in os-release; a value is empty when it is unknown)
begin_records host/system
name=
if [ -r /etc/os-release ]; then
  while IFS= read -r line; do
    case $line in PRETTY_NAME=*) name=${line#*=} ;; esac
  done </etc/os-release
  name=${name#[\"\']}
  name=${name%[\"\']}
fi
kernel=
[ ! -r /proc/sys/kernel/osrelease ] || read -r kernel </proc/sys/kernel/osrelease
record host-system name "$name" kernel "$kernel" architecture "$(uname -m 2>/dev/null || true)"
end_records
