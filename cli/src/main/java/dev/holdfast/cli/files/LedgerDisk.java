package dev.holdfast.cli.files;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** The file operations that a ledger needs from the operating system. */
interface LedgerDisk {

    /** Appends a complete line; removes an incomplete line again as far as the disk allows it. */
    void append(byte[] line) throws IOException;

    void sync() throws IOException;

    void close();

    /** Releases a file that can block forever. */
    default void abandon() {
        Thread closer = new Thread(this::close, "holdfast-ledger-close");
        closer.setDaemon(true);
        closer.start();
    }

    static LedgerDisk of(FileChannel channel) {
        return new LedgerDisk() {
            @Override
            public void append(byte[] line) throws IOException {
                long complete = channel.size();
                try {
                    AtomicFile.all(channel, line);
                } catch (IOException failed) {
                    shorten(complete, failed);
                    throw failed;
                }
            }

            private void shorten(long complete, IOException because) {
                try {
                    channel.truncate(complete);
                } catch (IOException alsoFailed) {
                    because.addSuppressed(alsoFailed);
                }
            }

            @Override
            public void sync() throws IOException {
                channel.force(false);
            }

            @Override
            public void close() {
                try {
                    channel.close();
                } catch (IOException failed) {
                    return;
                }
            }
        };
    }
}
