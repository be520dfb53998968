package dev.holdfast.cli.exec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;

/**
 * A key file that a login can name, as far as it can be read without its passphrase.
 *
 * @param publicKey the public key in SSH's own encoding, from the file or from FILE.pub
 */
record SshKeyFile(String path, Kind kind, Optional<byte[]> publicKey) {

    /** What the file can be used for. Of a public key, and of a key with a passphrase, only the agent can have the private key. */
    enum Kind {
        ABSENT,
        UNREADABLE,
        PUBLIC,
        PASSPHRASE,
        USABLE
    }

    private static final String BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private static final String END = "-----END OPENSSH PRIVATE KEY-----";
    private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);

    static SshKeyFile read(String path) {
        Path file = Path.of(path);
        Optional<byte[]> adjacent = publicPart(Path.of(path + ".pub"));
        if (!Files.exists(file)) {
            return new SshKeyFile(path, Kind.ABSENT, adjacent);
        }
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            if (text.contains(BEGIN)) {
                return openSsh(path, text, adjacent);
            }
            if (!text.contains("PRIVATE KEY") && publicPart(file).isPresent()) {
                return new SshKeyFile(path, Kind.PUBLIC, publicPart(file));
            }
            boolean isEncrypted = text.contains("ENCRYPTED") || text.contains("Encryption: aes");
            return new SshKeyFile(path, isEncrypted ? Kind.PASSPHRASE : Kind.USABLE, adjacent);
        } catch (IOException unreadable) {
            return new SshKeyFile(path, Kind.UNREADABLE, adjacent);
        }
    }

    /** Reads what OpenSSH's format keeps in clear: the name of the cipher and the public key. */
    private static SshKeyFile openSsh(String path, String text, Optional<byte[]> adjacent) {
        try {
            int begin = text.indexOf(BEGIN) + BEGIN.length();
            byte[] content = Base64.getMimeDecoder().decode(text.substring(begin, Math.max(begin, text.indexOf(END))));
            Buffer.PlainBuffer buffer = new Buffer.PlainBuffer(content);
            buffer.readRawBytes(new byte[MAGIC.length]);
            String cipher = buffer.readString();
            buffer.readBytes(); // the name of the key derivation
            buffer.readBytes(); // its options
            buffer.readUInt32(); // the number of keys
            Kind kind = cipher.equals("none") ? Kind.USABLE : Kind.PASSPHRASE;
            return new SshKeyFile(path, kind, Optional.of(buffer.readBytes()));
        } catch (Buffer.BufferException | IllegalArgumentException malformed) {
            return new SshKeyFile(path, Kind.USABLE, adjacent);
        }
    }

    private static Optional<byte[]> publicPart(Path file) {
        try {
            String[] words = Files.readString(file).strip().split("\\s+");
            return words.length < 2
                    ? Optional.empty()
                    : Optional.of(Base64.getDecoder().decode(words[1]));
        } catch (IOException | IllegalArgumentException none) {
            return Optional.empty();
        }
    }
}
