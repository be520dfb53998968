package dev.holdfast.cli.exec;

import java.util.List;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.common.Factory;

/**
 * The algorithms that are offered to SSH servers: those that OpenSSH 8 and later offer. SHA-1, MD5, CBC, DSA and 1024-bit
 * groups are left out. Finding out what this machine supports costs more than a connection, so it is done once.
 */
final class SshAlgorithms {

    private static final List<String> KEY_EXCHANGE = List.of(
            "curve25519-sha256",
            "curve25519-sha256@libssh.org",
            "ecdh-sha2-nistp521",
            "ecdh-sha2-nistp384",
            "ecdh-sha2-nistp256",
            "diffie-hellman-group16-sha512",
            "diffie-hellman-group18-sha512",
            "diffie-hellman-group14-sha256",
            "ext-info-c");
    private static final List<String> CIPHERS = List.of(
            "chacha20-poly1305@openssh.com",
            "aes256-gcm@openssh.com",
            "aes128-gcm@openssh.com",
            "aes256-ctr",
            "aes192-ctr",
            "aes128-ctr");
    private static final List<String> MACS =
            List.of("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512");
    private static final List<String> KEYS = List.of(
            "ssh-ed25519-cert-v01@openssh.com",
            "ssh-ed25519",
            "ecdsa-sha2-nistp521-cert-v01@openssh.com",
            "ecdsa-sha2-nistp521",
            "ecdsa-sha2-nistp384-cert-v01@openssh.com",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp256-cert-v01@openssh.com",
            "ecdsa-sha2-nistp256",
            "rsa-sha2-512",
            "rsa-sha2-256");

    static final Config CONFIG = config();

    private SshAlgorithms() {}

    private static Config config() {
        DefaultConfig config = new DefaultConfig();
        config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
        config.setKeyExchangeFactories(only(KEY_EXCHANGE, config.getKeyExchangeFactories()));
        config.setCipherFactories(only(CIPHERS, config.getCipherFactories()));
        config.setMACFactories(only(MACS, config.getMACFactories()));
        config.setKeyAlgorithms(only(KEYS, config.getKeyAlgorithms()));
        return config;
    }

    /** Returns those algorithms that have these names, in the order of the names. */
    private static <T> List<Factory.Named<T>> only(List<String> names, List<Factory.Named<T>> all) {
        return names.stream()
                .flatMap(n -> all.stream().filter(f -> f.getName().equals(n)))
                .toList();
    }
}
