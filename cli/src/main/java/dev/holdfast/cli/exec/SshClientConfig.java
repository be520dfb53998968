package dev.holdfast.cli.exec;

import dev.holdfast.model.HostAccess;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The operator's SSH client configuration, as {@code ssh -G} evaluates it: aliases, patterns, Include and Match mean the same
 * to Holdfast and to {@code ssh}. Values of the topology have precedence over those of the configuration.
 *
 * <p>Without a configuration, and where the program ssh is not installed, the defaults of OpenSSH apply.
 */
final class SshClientConfig {

    private static final int LIMIT_SECONDS = 30;
    private static final int LONGEST_CHAIN = 8;
    private static final String NONE = "none";
    private static final Pattern JUMP =
            Pattern.compile("(?:ssh://)?(?:(?<user>[^@]+)@)?(?<host>\\[[^\\]]+\\]|[^:@/]+)(?::(?<port>[0-9]{1,5}))?/?");
    private static final Pattern TOKEN = Pattern.compile("%(.)");

    private final Map<String, String> environment;

    SshClientConfig(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Returns the SSH server of a host, with its jump hosts. */
    SshTarget target(String address, HostAccess.Ssh reach) throws SshFailure {
        Lookup lookup = new Lookup(reach.name(address), reach.user(), reach.port());
        Values values = values(lookup, reach.config());
        SshTarget target = target(lookup, values, reach.knownHosts(), jumps(values, reach, 0));
        return reach.key().isEmpty() ? target : withKey(target, home(reach.key()));
    }

    /** One name to look up, with values that have precedence; an empty user and port 0 are looked up, too. */
    private record Lookup(String name, String user, int port) {}

    private static SshTarget withKey(SshTarget target, String key) {
        return new SshTarget(
                target.name(),
                target.hostName(),
                target.port(),
                target.user(),
                List.of(key),
                true,
                true,
                target.agent(),
                target.knownHosts(),
                target.hostKeyAlias(),
                target.via());
    }

    private SshTarget target(Lookup lookup, Values values, String knownHosts, Optional<SshTarget> via) {
        String hostName = values.one("hostname", lookup.name());
        List<String> known = new ArrayList<>();
        if (!knownHosts.isEmpty()) {
            known.add(home(knownHosts));
        } else {
            known.addAll(values.words("userknownhostsfile", "~/.ssh/known_hosts"));
            known.addAll(values.words("globalknownhostsfile", "/etc/ssh/ssh_known_hosts"));
        }
        int port = Integer.parseInt(values.one("port", lookup.port() == 0 ? "22" : "" + lookup.port()));
        String user = values.one("user", lookup.user().isEmpty() ? System.getProperty("user.name") : lookup.user());
        return new SshTarget(
                lookup.name(),
                hostName,
                port,
                user,
                values.all("identityfile", List.of("~/.ssh/id_rsa", "~/.ssh/id_ecdsa", "~/.ssh/id_ed25519")).stream()
                        .filter(f -> !f.equals(NONE))
                        .map(f -> expanded(f, lookup.name(), hostName, port, user))
                        .toList(),
                false,
                values.one("identitiesonly", "no").equals("yes"),
                agent(values.one("identityagent", "SSH_AUTH_SOCK")),
                known.stream()
                        .filter(f -> !f.equals(NONE))
                        .map(SshClientConfig::home)
                        .toList(),
                values.one("hostkeyalias", ""),
                via);
    }

    private String agent(String value) {
        if (value.equals(NONE)) {
            return "";
        }
        if (value.equals("SSH_AUTH_SOCK") || value.startsWith("$")) {
            String variable = value.replaceFirst("^\\$", "").replaceAll("[{}]", "");
            return environment.getOrDefault(variable, "");
        }
        return home(value);
    }

    /** Returns the last jump host, which has the ones before it as its own; each is looked up in the same configuration. */
    private Optional<SshTarget> jumps(Values values, HostAccess.Ssh reach, int depth) throws SshFailure {
        String command = values.one("proxycommand", NONE);
        if (!command.equals(NONE)) {
            throw new SshFailure("the SSH client configuration sets ProxyCommand (" + command
                    + "), which Holdfast does not run; write ProxyJump with the jump hosts in its place");
        }
        String jumps = values.one("proxyjump", NONE);
        if (jumps.equals(NONE)) {
            return Optional.empty();
        }
        Optional<SshTarget> last = Optional.empty();
        int length = depth;
        for (String jump : jumps.split(",")) {
            if (++length > LONGEST_CHAIN) {
                throw new SshFailure("the SSH client configuration leads through more than " + LONGEST_CHAIN
                        + " jump hosts; write ProxyJump none for the jump host that needs no other");
            }
            Lookup hop = hop(jump.strip());
            Values own = values(hop, reach.config());
            Optional<SshTarget> before = last.isPresent() ? last : jumps(own, reach, length);
            last = Optional.of(target(hop, own, reach.knownHosts(), before));
        }
        return last;
    }

    private static Lookup hop(String jump) throws SshFailure {
        Matcher parts = JUMP.matcher(jump);
        if (!parts.matches() || parts.group("host").startsWith("-")) {
            throw new SshFailure(
                    "the SSH client configuration has a ProxyJump that is not [user@]host[:port]: " + jump);
        }
        String user = parts.group("user") == null ? "" : parts.group("user");
        String port = parts.group("port") == null ? "0" : parts.group("port");
        return new Lookup(parts.group("host").replaceAll("[\\[\\]]", ""), user, Integer.parseInt(port));
    }

    /** The values of one name, by key in lower case. */
    private record Values(Map<String, List<String>> byKey) {

        List<String> all(String key, List<String> otherwise) {
            return byKey.getOrDefault(key, otherwise);
        }

        String one(String key, String otherwise) {
            return all(key, List.of(otherwise)).get(0);
        }

        List<String> words(String key, String otherwise) {
            return List.of(one(key, otherwise).split(" +"));
        }
    }

    private Values values(Lookup lookup, String config) throws SshFailure {
        if (config.equals(NONE)) {
            return new Values(Map.of());
        }
        List<String> command = new ArrayList<>(List.of("ssh", "-G", "-T"));
        if (!config.isEmpty()) {
            command.addAll(List.of("-F", home(config)));
        }
        if (!lookup.user().isEmpty()) {
            command.addAll(List.of("-l", lookup.user()));
        }
        if (lookup.port() != 0) {
            command.addAll(List.of("-p", Integer.toString(lookup.port())));
        }
        command.addAll(List.of("--", lookup.name()));
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
            builder.environment().clear();
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException notInstalled) {
            if (!config.isEmpty()) {
                throw new SshFailure("the program ssh is needed to read " + home(config)
                        + "; install it (apt install openssh-client)");
            }
            return new Values(Map.of());
        }
        return values(process);
    }

    private static Values values(Process process) throws SshFailure {
        CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
        try (InputStream output = process.getInputStream();
                InputStream problems = process.getErrorStream()) {
            String out = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(problems.readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new SshFailure("ssh -G cannot evaluate the SSH client configuration (exit code " + code + "): "
                        + err.strip().replaceAll("\\R+", "; "));
            }
            Map<String, List<String>> byKey = new LinkedHashMap<>();
            out.lines().forEach(line -> {
                String[] parts = line.split(" ", 2);
                byKey.computeIfAbsent(parts[0], k -> new ArrayList<>()).add(parts.length < 2 ? "" : parts[1].strip());
            });
            return new Values(byKey);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SshFailure("interrupted");
        } catch (SshFailure known) {
            throw known;
        } catch (IOException broken) {
            throw new SshFailure("ssh -G cannot be read: " + broken.getMessage());
        }
    }

    /** Replaces the tokens that OpenSSH allows in the name of a key file. */
    private static String expanded(String file, String name, String hostName, int port, String user) {
        return home(TOKEN.matcher(file)
                .replaceAll(token -> Matcher.quoteReplacement(
                        switch (token.group(1)) {
                            case "%" -> "%";
                            case "d" -> System.getProperty("user.home");
                            case "u" -> System.getProperty("user.name");
                            case "h" -> hostName;
                            case "n" -> name;
                            case "p" -> Integer.toString(port);
                            case "r" -> user;
                            default -> token.group();
                        })));
    }

    static String home(String file) {
        return file.startsWith("~/") ? System.getProperty("user.home") + file.substring(1) : file;
    }
}
