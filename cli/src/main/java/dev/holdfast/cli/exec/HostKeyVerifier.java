package dev.holdfast.cli.exec;

import java.io.File;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts;

/** Checks a host's key against a known-hosts file, and explains a rejection: key unknown, key changed, or file missing. */
final class HostKeyVerifier extends OpenSSHKnownHosts {

    private final File file;
    private String why = "";

    HostKeyVerifier(File file) throws IOException {
        super(file);
        this.file = file;
    }

    /** Returns why the last key was rejected, and what to do. */
    String why() {
        return why;
    }

    @Override
    protected boolean hostKeyUnverifiableAction(String host, PublicKey key) {
        why = (file.exists()
                        ? "its host key, " + shown(key) + ", is not in " + file
                        : "its host key, " + shown(key) + ", cannot be checked, because " + file + " does not exist")
                + "; compare the fingerprint with that of the machine (ssh-keygen -lf /etc/ssh/ssh_host_*.pub), then add it"
                + " (ssh-keyscan)";
        return false;
    }

    @Override
    protected boolean hostKeyChangedAction(String host, PublicKey key) {
        why = "its host key has CHANGED: it is " + shown(key) + " now, and " + file
                + " contains another key. The machine was"
                + " reinstalled, or another machine answers. Compare the fingerprint with that of the machine, then"
                + " remove the old key (ssh-keygen -R HOST -f " + file + ") and add the new one";
        return false;
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
}
