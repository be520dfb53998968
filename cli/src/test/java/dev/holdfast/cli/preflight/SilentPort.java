package dev.holdfast.cli.preflight;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A port that answers no connection: its queue is full, and the kernel drops the next ones, as a firewall does. */
public final class SilentPort implements AutoCloseable {

    private static final int ENOUGH = 6;

    private final ServerSocket server;
    private final List<SocketChannel> waiting = new ArrayList<>();

    /** @param port 0 for any */
    public SilentPort(String address, int port) throws IOException {
        server = new ServerSocket(port, 1, InetAddress.getByName(address));
        for (int i = 0; i < ENOUGH; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress(address, server.getLocalPort()));
            waiting.add(channel);
        }
    }

    /** Returns address and port, separated by a tab. */
    public String endpoint() {
        return server.getInetAddress().getHostAddress() + "\t" + server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : waiting) {
            channel.close();
        }
        server.close();
    }
}
