package dev.holdfast.preflight;

import dev.holdfast.engine.NodeNeeds;
import dev.holdfast.model.Node;
import dev.holdfast.preflight.PreflightRecords.Folder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Free space and the types of file systems. */
final class StorageFindings {

    private static final long MEBIBYTE_KIB = 1024;
    /** A new server with an empty database does not start with less. */
    private static final long LEAST_KIB = 64 * MEBIBYTE_KIB;

    private static final long ADVISED_KIB = 1024 * MEBIBYTE_KIB;
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");
    private static final Set<String> REMOTE = Set.of("nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs");

    private StorageFindings() {}

    static List<Finding> of(EstateNeeds needs, List<HostObservation> hosts) {
        List<Finding> findings = new ArrayList<>();
        for (HostObservation host : hosts) {
            List<NodeNeeds> withData = needs.on(host.host()).stream()
                    .filter(n -> !n.fileSystems().isEmpty())
                    .toList();
            Set<Finding> types = new LinkedHashSet<>();
            withData.forEach(
                    n -> folder(host, n.node()).flatMap(f -> type(host, n, f)).ifPresent(types::add));
            findings.addAll(types);
            space(host, withData).ifPresent(findings::add);
        }
        return findings;
    }

    private static Optional<Folder> folder(HostObservation host, Node node) {
        return host.answer().first(Folder.class, f -> f.path().equals(node.directory()));
    }

    private static Optional<Finding> type(HostObservation host, NodeNeeds need, Folder folder) {
        String type = folder.type();
        String limit = String.join(" or ", need.fileSystems());
        String subject = "the file system of " + folder.nearest();
        if (type.isEmpty()) {
            return Optional.of(
                    Finding.unknown(host.name(), FindingCode.FILE_SYSTEM_TYPE, "the type of " + subject, limit));
        }
        if (IN_MEMORY.contains(type)) {
            return Optional.of(Finding.warning(
                    host.name(),
                    FindingCode.FILE_SYSTEM_TYPE,
                    subject + " is in memory, so a reboot loses the data",
                    type,
                    limit,
                    "declare a directory: on a disk"));
        }
        if (REMOTE.contains(type) || type.startsWith("fuse")) {
            return Optional.of(Finding.warning(
                    host.name(),
                    FindingCode.FILE_SYSTEM_TYPE,
                    subject + " is not on a disk of the host, and can lose writes that were acknowledged",
                    type,
                    limit,
                    "declare a directory: on a local disk or a block device"));
        }
        return need.fileSystems().contains(type)
                ? Optional.empty()
                : Optional.of(new Finding(
                        host.name(),
                        "",
                        FindingCode.FILE_SYSTEM_TYPE,
                        Finding.Level.INFORMATION,
                        subject + " is not of the recommended type",
                        type,
                        limit,
                        "for new disks: mkfs." + need.fileSystems().get(0)));
    }

    /** The least free space of all nodes with data counts, because directories usually share a file system. */
    private static Optional<Finding> space(HostObservation host, List<NodeNeeds> withData) {
        if (withData.isEmpty()) {
            return Optional.empty();
        }
        long fresh = withData.stream().filter(n -> host.isNew(n.node())).count();
        long least = LEAST_KIB * Math.max(1, fresh);
        long advised = ADVISED_KIB * withData.size();
        Optional<Long> free = Optional.of(Long.MAX_VALUE);
        String at = "";
        for (NodeNeeds need : withData) {
            Optional<Folder> folder = folder(host, need.node());
            Optional<Long> own = folder.map(Folder::free)
                    .filter(f -> f.matches("[0-9]{1,18}"))
                    .map(Long::valueOf);
            if (own.isEmpty()) {
                return Optional.of(Finding.unknown(
                        host.name(),
                        FindingCode.DISK_SPACE,
                        "the free space of " + need.node().directory(),
                        size(advised)));
            }
            if (own.get() < free.get()) {
                free = own;
                at = folder.get().nearest();
            }
        }
        if (free.get() >= advised) {
            return Optional.empty();
        }
        boolean isError = free.get() < least;
        return Optional.of(new Finding(
                host.name(),
                "",
                FindingCode.DISK_SPACE,
                isError ? Finding.Level.ERROR : Finding.Level.WARNING,
                "the file system of " + at + " has little free space for " + withData.size() + " servers with data",
                size(free.get()),
                size(isError ? least : advised),
                "free space there, or declare a directory: on a larger file system"));
    }

    private static String size(long kib) {
        return kib / MEBIBYTE_KIB + " MiB";
    }
}
