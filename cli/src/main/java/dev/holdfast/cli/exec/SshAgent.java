package dev.holdfast.cli.exec;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.common.Buffer;

/**
 * A client of the operator's SSH agent, which holds private keys and signs with them. Private keys never leave the agent.
 *
 * <p>The protocol is the one of OpenSSH: a message is its length in four bytes, its type in one, and its content. Each
 * exchange has a connection of its own and a time limit.
 */
final class SshAgent {

    /** The limit of one exchange. A key that asks for a confirmation or a touch must get it within this time. */
    static final int LIMIT_SECONDS = 5;

    private static final int LONGEST_MESSAGE = 256 * 1024;
    private static final byte REQUEST_IDENTITIES = 11;
    private static final byte IDENTITIES = 12;
    private static final byte SIGN_REQUEST = 13;
    private static final byte SIGNATURE = 14;

    private final String socket;

    SshAgent(String socket) {
        this.socket = socket;
    }

    /** A public key or certificate whose private key the agent holds. */
    record Identity(byte[] blob, String comment) {

        String type() {
            try {
                return new Buffer.PlainBuffer(blob).readString();
            } catch (Buffer.BufferException malformed) {
                return "unknown";
            }
        }

        boolean isSame(byte[] other) {
            return Arrays.equals(blob, other);
        }

        /** Returns the key for people, as {@code ssh-add -l} prints it. */
        String description() {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
                return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest)
                        + (comment.isEmpty() ? "" : " (" + comment + ")");
            } catch (NoSuchAlgorithmException never) {
                throw new IllegalStateException(never);
            }
        }
    }

    List<Identity> identities() throws IOException {
        Buffer.PlainBuffer answer = exchange(new Buffer.PlainBuffer().putByte(REQUEST_IDENTITIES), IDENTITIES);
        int count = answer.readUInt32AsInt();
        List<Identity> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Identity(answer.readBytes(), answer.readString()));
        }
        return all;
    }

    /** Returns the signature in the form that an SSH server expects. */
    byte[] signature(Identity identity, byte[] data, int flags) throws IOException {
        return exchange(
                        new Buffer.PlainBuffer()
                                .putByte(SIGN_REQUEST)
                                .putBytes(identity.blob())
                                .putBytes(data)
                                .putUInt32(flags),
                        SIGNATURE)
                .readBytes();
    }

    private Buffer.PlainBuffer exchange(Buffer.PlainBuffer request, byte expected) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        byte[] content = request.getCompactData();
        ByteBuffer message = ByteBuffer.allocate(4 + content.length);
        message.putInt(content.length).put(content).flip();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(Path.of(socket)));
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            SelectionKey ready = channel.register(selector, SelectionKey.OP_WRITE);
            while (message.hasRemaining()) {
                await(selector, end);
                channel.write(message);
            }
            ready.interestOps(SelectionKey.OP_READ);
            ByteBuffer length = filled(ByteBuffer.allocate(4), channel, selector, end);
            int size = length.getInt();
            if (size < 1 || size > LONGEST_MESSAGE) {
                throw new IOException("the answer is not one of an SSH agent");
            }
            Buffer.PlainBuffer answer = new Buffer.PlainBuffer(
                    filled(ByteBuffer.allocate(size), channel, selector, end).array());
            if (answer.readByte() != expected) {
                throw new IOException("the agent refuses the request");
            }
            return answer;
        } catch (InvalidPathException | UnsupportedOperationException unusable) {
            throw new IOException(unusable.getMessage(), unusable);
        }
    }

    private static ByteBuffer filled(ByteBuffer buffer, SocketChannel channel, Selector selector, long end)
            throws IOException {
        while (buffer.hasRemaining()) {
            await(selector, end);
            if (channel.read(buffer) < 0) {
                throw new IOException("the agent closed the connection");
            }
        }
        return buffer.flip();
    }

    private static void await(Selector selector, long end) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0 || selector.select(left) == 0) {
            throw new IOException("no answer within " + LIMIT_SECONDS + " s");
        }
        selector.selectedKeys().clear();
    }
}
