package dev.holdfast.cli.files;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** The file of a ledger as the operating system offers it. */
interface LedgerDisk {

    /** Appends a complete line; one that is not complete is removed again as far as the disk lets it. */
    void append(byte[] line) throws IOException;

    void sync() throws IOException;

    void close();

    /** Lets go of a file that may block for ever. */
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
