package dev.holdfast.cli.exec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPublickey;

/**
 * The keys that a login offers, in the order of OpenSSH, and why other keys are not offered:
 *
 * <ol>
 *   <li>keys of the agent that are also named as files,
 *   <li>the other keys of the agent, unless only named keys are allowed,
 *   <li>key files without a passphrase that the agent does not hold.
 * </ol>
 */
final class SshCredentials {

    private final SshTarget target;
    private final List<AuthMethod> methods = new ArrayList<>();
    private final List<String> offered = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    private SshCredentials(SshTarget target) {
        this.target = target;
    }

    static SshCredentials of(SshTarget target, SSHClient client) {
        SshCredentials made = new SshCredentials(target);
        List<SshKeyFile> files = target.keys().stream().map(SshKeyFile::read).toList();
        SshAgent agent = new SshAgent(target.agent());
        List<SshAgent.Identity> held = made.held(agent);
        List<SshKeyFile> inAgent = new ArrayList<>();
        for (SshKeyFile file : files) {
            held.stream()
                    .filter(i -> file.publicKey().filter(i::isSame).isPresent())
                    .findFirst()
                    .ifPresent(i -> {
                        inAgent.add(file);
                        made.offer(agent, i);
                    });
        }
        if (!target.isOnlyKeys()) {
            held.stream()
                    .filter(i -> inAgent.stream()
                            .noneMatch(f -> f.publicKey().filter(i::isSame).isPresent()))
                    .forEach(i -> made.offer(agent, i));
        }
        files.stream().filter(f -> !inAgent.contains(f)).forEach(f -> made.offer(f, client));
        return made;
    }

    private List<SshAgent.Identity> held(SshAgent agent) {
        if (target.agent().isEmpty()) {
            missing.add("there is no SSH agent (SSH_AUTH_SOCK is not set)");
            return List.of();
        }
        try {
            List<SshAgent.Identity> held = agent.identities();
            if (held.isEmpty()) {
                missing.add("the SSH agent has no keys (ssh-add -l)");
            }
            return held;
        } catch (IOException silent) {
            missing.add("the SSH agent at " + target.agent() + " does not answer: " + silent.getMessage());
            return List.of();
        }
    }

    private void offer(SshAgent agent, SshAgent.Identity identity) {
        methods.add(new SshAgentLogin(agent, identity));
        offered.add("agent key " + identity.description());
    }

    private void offer(SshKeyFile file, SSHClient client) {
        String path = file.path();
        switch (file.kind()) {
            case ABSENT -> {
                if (target.isKeyDeclared()) {
                    missing.add("the key file " + path + " does not exist");
                }
            }
            case UNREADABLE ->
                missing.add("the key file " + path + " cannot be read by this user (ls -l " + path + ")");
            case PUBLIC ->
                missing.add(
                        "the key file " + path + " is a public key, and the SSH agent does not hold its private key");
            case PASSPHRASE ->
                missing.add("the key file " + path
                        + " has a passphrase, and the SSH agent does not hold the key (ssh-add " + path + ")");
            case USABLE -> {
                try {
                    methods.add(new AuthPublickey(client.loadKeys(path)));
                    offered.add(path);
                } catch (IOException malformed) {
                    missing.add("the key file " + path + " cannot be used: " + malformed.getMessage());
                }
            }
        }
    }

    List<AuthMethod> methods() {
        return methods;
    }

    /** Returns why there is no key to log in with, and what to do. */
    String none() {
        String why = String.join("; ", mostImportantFirst());
        return target.isKeyDeclared()
                ? why
                : "there is no key to log in with as " + target.user() + ": none of "
                        + String.join(", ", target.keys()) + " can be used; " + why
                        + "; add a key to the agent (ssh-add FILE), or declare one: reach: { ssh: { key: FILE } }";
    }

    /** Problems with files come before those with the agent, which matters only when the files do not suffice. */
    private List<String> mostImportantFirst() {
        List<String> sorted = new ArrayList<>(missing);
        sorted.sort((a, b) -> Boolean.compare(
                a.contains(" SSH agent ") && !a.startsWith("the key file"),
                b.contains(" SSH agent ") && !b.startsWith("the key file")));
        return sorted;
    }

    /** Returns that the server accepts none of the keys, and why others were not offered. */
    String refused(String reason) {
        String others = missing.isEmpty() ? "" : "; not offered: " + String.join("; ", mostImportantFirst());
        String tooMany = reason.contains("Too many authentication failures")
                ? "; the server ends a login after that many keys, so declare the right one: reach: { ssh: { key: FILE"
                        + " } }"
                : "";
        if (target.isKeyDeclared()) {
            return "the key " + target.keys().get(0) + " is not accepted for user " + target.user() + ": " + reason;
        }
        return "none of these keys is accepted for user " + target.user() + ": " + String.join(", ", offered) + " ("
                + reason + ")" + tooMany + others;
    }
}
