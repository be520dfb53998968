package dev.holdfast.cli.mongodb;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bson.RawBsonDocument;

/** A client that speaks MongoDB's protocol byte by byte, and so can send what no driver sends. */
final class RawWire implements AutoCloseable {

    static final int SNAPPY = 1;
    static final int ZLIB = 2;
    private static final int COMPRESSED = 2012;
    private static final int MESSAGE = 2013;
    private static final int HEADER = 16;

    private final Socket socket = new Socket();

    RawWire(String address, int port) throws IOException {
        socket.connect(new InetSocketAddress(address, port), 5000);
        socket.setSoTimeout(20_000);
    }

    /** The body of a message with one command: no flags, and one section of kind 0. */
    static byte[] body(String command) {
        ByteBuffer document = RawBsonDocument.parse(command).getByteBuffer().asNIO();
        ByteBuffer body = little(5 + document.remaining());
        return body.putInt(0).put((byte) 0).put(document).array();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void send(int operation, byte[] body) throws IOException {
        ByteBuffer message = little(HEADER + body.length);
        message.putInt(HEADER + body.length)
                .putInt(1)
                .putInt(0)
                .putInt(operation)
                .put(body);
        OutputStream out = socket.getOutputStream();
        out.write(message.array());
        out.flush();
    }

    /** Returns the body of the next message; empty when the server has closed the connection. */
    private byte[] receive() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] header = in.readNBytes(HEADER);
        if (header.length < HEADER) {
            return header;
        }
        int size = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt();
        return in.readNBytes(size - HEADER);
    }

    /** Sends a command as it is, and returns the reply. */
    RawBsonDocument ask(String command) throws IOException {
        send(MESSAGE, body(command));
        byte[] reply = receive();
        return new RawBsonDocument(Arrays.copyOfRange(reply, 5, reply.length));
    }

    /**
     * Sends compressed bytes.
     *
     * @param size how long the message claims to be without compression
     * @return how many bytes of a reply came before the server closed the connection
     */
    int askCompressed(int compressor, int size, byte[] compressed) throws IOException {
        ByteBuffer body = little(9 + compressed.length);
        send(
                COMPRESSED,
                body.putInt(MESSAGE)
                        .putInt(size)
                        .put((byte) compressor)
                        .put(compressed)
                        .array());
        try {
            return receive().length;
        } catch (java.net.SocketException reset) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
