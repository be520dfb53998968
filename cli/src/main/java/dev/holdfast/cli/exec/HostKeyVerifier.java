package dev.holdfast.cli.exec;

import java.io.File;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts;

/** Checks a host's key against known-hosts files, and explains a rejection: key unknown, key changed, or file missing. */
final class HostKeyVerifier implements net.schmizz.sshj.transport.verification.HostKeyVerifier {

    private static final int PLAIN_PORT = 22;

    private final List<KnownHosts> files = new ArrayList<>();
    private final String alias;
    private String why = "";

    /** @param alias the host's name in the files; empty means its host name with its port */
    HostKeyVerifier(List<String> files, String alias) throws IOException {
        for (String file : files) {
            this.files.add(new KnownHosts(new File(file)));
        }
        this.alias = alias;
    }

    /** Returns why the last key was rejected, and what to do. */
    String why() {
        return why;
    }

    @Override
    public boolean verify(String hostname, int port, PublicKey key) {
        String name = alias.isEmpty() ? hostname : alias;
        int known = alias.isEmpty() ? port : PLAIN_PORT;
        if (files.stream().anyMatch(f -> f.verify(name, known, key))) {
            return true;
        }
        why = files.stream()
                .filter(f -> f.isChanged)
                .findFirst()
                .map(f -> changed(f.getFile(), key))
                .orElseGet(() -> unknown(key));
        return false;
    }

    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        String name = alias.isEmpty() ? hostname : alias;
        int known = alias.isEmpty() ? port : PLAIN_PORT;
        return files.stream()
                .flatMap(f -> f.findExistingAlgorithms(name, known).stream())
                .distinct()
                .toList();
    }

    private String unknown(PublicKey key) {
        List<File> all = files.stream().map(KnownHosts::getFile).toList();
        List<File> there = all.stream().filter(File::exists).toList();
        return (there.isEmpty()
                        ? "the host key " + shown(key) + " cannot be checked, because " + names(all) + " does not exist"
                        : "the host key " + shown(key) + " is not in " + names(there))
                + "; compare the fingerprint with that of the machine (ssh-keygen -lf /etc/ssh/ssh_host_*.pub), then"
                + " add the key (ssh-keyscan)";
    }

    private static String names(List<File> files) {
        return files.stream().map(File::toString).collect(Collectors.joining(" or "));
    }

    private static String changed(File file, PublicKey key) {
        return "the host key has CHANGED: now it is " + shown(key) + ", and " + file
                + " contains another key. The machine was"
                + " reinstalled, or another machine answers. Compare the fingerprint with that of the machine, then"
                + " remove the old key (ssh-keygen -R HOST -f " + file + ") and add the new one";
    }

    private static String shown(PublicKey key) {
        try {
            byte[] plain = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(plain);
            return KeyType.fromKey(key) + " SHA256:"
                    + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    /** One file, which remembers whether it contains another key of the host. */
    private static final class KnownHosts extends OpenSSHKnownHosts {

        private boolean isChanged;

        KnownHosts(File file) throws IOException {
            super(file);
        }

        @Override
        protected boolean hostKeyChangedAction(String host, PublicKey key) {
            isChanged = true;
            return false;
        }
    }
}
