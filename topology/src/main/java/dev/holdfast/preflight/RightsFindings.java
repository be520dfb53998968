package dev.holdfast.preflight;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.NodeNeeds;
import dev.holdfast.preflight.PreflightRecords.Access;
import dev.holdfast.preflight.PreflightRecords.Account;
import dev.holdfast.preflight.PreflightRecords.Choice;
import dev.holdfast.preflight.PreflightRecords.Folder;
import dev.holdfast.preflight.PreflightRecords.Login;
import dev.holdfast.preflight.PreflightRecords.Presence;
import dev.holdfast.preflight.PreflightRecords.Search;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Users that are missing, and directories in which servers cannot be created. */
final class RightsFindings {

    private RightsFindings() {}

    static List<Finding> of(EstateNeeds needs, List<HostObservation> hosts) {
        List<Finding> findings = new ArrayList<>();
        for (HostObservation host : hosts) {
            Optional<Login> login = host.login();
            if (login.isEmpty()) {
                findings.add(Finding.unknown(
                        host.name(), FindingCode.ACCOUNT_MISSING, "the user that Holdfast logs in as", "known"));
                continue;
            }
            findings.addAll(accounts(needs, host, login.get()));
            findings.addAll(folders(needs, host, login.get().user()));
            findings.addAll(owners(needs, host));
        }
        return findings;
    }

    /** Only root starts servers as another user. */
    private static List<Finding> accounts(EstateNeeds needs, HostObservation host, Login login) {
        if (login.root() == Choice.NO) {
            return List.of();
        }
        return needs.on(host.host()).stream()
                .map(NodeNeeds::account)
                .filter(a -> !a.isEmpty())
                .distinct()
                .flatMap(a -> account(host, a).stream())
                .toList();
    }

    private static Optional<Finding> account(HostObservation host, String name) {
        Optional<Account> account =
                host.answer().first(Account.class, a -> a.name().equals(name));
        if (account.isEmpty()) {
            return Optional.of(Finding.unknown(
                    host.name(), FindingCode.ACCOUNT_MISSING, "the operating system user " + name, "present"));
        }
        return account.get().state() == Presence.PRESENT
                ? Optional.empty()
                : Optional.of(Finding.error(
                        host.name(),
                        FindingCode.ACCOUNT_MISSING,
                        "the operating system user " + name + " does not exist",
                        "absent",
                        "present",
                        "install the Debian package of the server, which creates the user; or adduser --system --group "
                                + name));
    }

    /** Several directories below one that is closed are one finding. */
    private static List<Finding> folders(EstateNeeds needs, HostObservation host, String user) {
        List<Finding> findings = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Folder folder : host.all(Folder.class)) {
            if (folder.access() != Access.WRITABLE && seen.add(folder.access() + folder.nearest())) {
                findings.add(folder.access() == Access.CLOSED ? closed(host, folder, user) : readOnly(host, folder));
            }
            boolean isSearched = folder.search() == Search.OPEN || isAbsent(host, folder.user());
            if (!isSearched && seen.add(folder.search() + folder.user() + folder.nearest())) {
                findings.add(search(host, folder));
            }
        }
        for (NodeNeeds need : needs.on(host.host())) {
            String directory = need.node().directory();
            if (host.all(Folder.class).stream().noneMatch(f -> f.path().equals(directory))) {
                findings.add(Finding.unknown(
                        host.name(), FindingCode.DIRECTORY_CLOSED, "the directory " + directory, "writable"));
            }
        }
        return findings;
    }

    private static boolean isAbsent(HostObservation host, String user) {
        return host.all(Account.class).stream().anyMatch(a -> a.name().equals(user) && a.state() == Presence.ABSENT);
    }

    private static Finding closed(HostObservation host, Folder folder, String user) {
        return Finding.error(
                host.name(),
                FindingCode.DIRECTORY_CLOSED,
                "user " + user + " cannot write " + folder.path(),
                folder.nearest() + " is closed to " + user,
                "writable",
                "as root: mkdir -p " + folder.path() + " && chown " + user + " " + folder.path()
                        + "; or declare another directory: in the topology");
    }

    private static Finding readOnly(HostObservation host, Folder folder) {
        return Finding.error(
                host.name(),
                FindingCode.FILE_SYSTEM_READ_ONLY,
                "the file system of " + folder.path() + " is read-only",
                "read-only",
                "writable",
                "look in the log of the kernel for the cause, and mount the file system for writing");
    }

    private static Finding search(HostObservation host, Folder folder) {
        if (folder.search() == Search.UNKNOWN) {
            return Finding.unknown(
                    host.name(),
                    FindingCode.DIRECTORY_SEARCH,
                    "the permission of " + folder.user() + " to search " + folder.nearest(),
                    "open");
        }
        return Finding.error(
                host.name(),
                FindingCode.DIRECTORY_SEARCH,
                "user " + folder.user() + " has no permission to search " + folder.nearest(),
                "closed",
                "open",
                "chmod a+x " + folder.nearest() + " and its parents, or declare another directory: in the topology");
    }

    private static List<Finding> owners(EstateNeeds needs, HostObservation host) {
        return needs.on(host.host()).stream()
                .map(NodeNeeds::node)
                .filter(n -> host.nodes().get(n) != null
                        && host.nodes().get(n).directoryOwner() == HostFacts.DirectoryOwner.FOREIGN)
                .map(n -> Finding.error(
                        host.name(),
                        FindingCode.DIRECTORY_FOREIGN,
                        n.directory() + " is not empty and has no mark of " + n.id(),
                        "files of another owner",
                        "absent or empty",
                        "declare another directory: in the topology, or move the files away"))
                .toList();
    }
}
