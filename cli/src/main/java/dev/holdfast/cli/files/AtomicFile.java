package dev.holdfast.cli.files;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file that is complete or absent, whatever happens to the disk.
 *
 * <ol>
 *   <li>Write everything to a draft in the same folder, and fsync it.
 *   <li>Rename the draft to the final name, and fsync the folder.
 *   <li>When a step fails, delete the draft; an existing file of the final name is unchanged.
 * </ol>
 *
 * Devices and pipes, such as /dev/stdout, are written directly.
 */
public final class AtomicFile {

    private AtomicFile() {}

    /** @throws HoldfastException TOOL_FAILED with the reason and a hint */
    public static void write(Path file, String text) {
        try {
            put(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw trouble(file, failed);
        }
    }

    /** Creates a directory with its parents. */
    public static void folder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException failed) {
            throw trouble(folder, failed);
        }
    }

    private static HoldfastException trouble(Path file, IOException failed) {
        return new HoldfastException(
                ExitCode.TOOL_FAILED,
                file.toString(),
                "this file cannot be written: " + reason(failed) + ". Its former content, if any, is unchanged.",
                "df -h " + folderOf(file) + " && ls -ld " + folderOf(file),
                failed);
    }

    /** The operating system's reason, e.g. No space left on device. */
    public static String reason(IOException failed) {
        if (failed instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        if (failed instanceof java.nio.file.NoSuchFileException missing) {
            return "there is no directory " + folderOf(Path.of(missing.getFile()));
        }
        if (failed instanceof java.nio.file.FileAlreadyExistsException there) {
            return there.getFile() + " exists and is not a directory";
        }
        if (failed instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    }

    private static Path folderOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static void put(Path named, byte[] bytes) throws IOException {
        Path file = Files.exists(named) ? named.toRealPath() : named.toAbsolutePath();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            try (FileChannel device = FileChannel.open(file, StandardOpenOption.WRITE)) {
                all(device, bytes);
            }
            return;
        }
        Path clusterConfig = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".draft");
        try {
            try (FileChannel channel = FileChannel.open(
                    clusterConfig,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                if (Files.exists(file)) {
                    Files.setPosixFilePermissions(clusterConfig, Files.getPosixFilePermissions(file));
                }
                all(channel, bytes);
                channel.force(true);
            }
            Files.move(clusterConfig, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(clusterConfig);
        }
        syncFolder(folderOf(file));
    }

    /** Writes and fsyncs a file that no other process knows yet. */
    public static void synced(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            all(channel, text.getBytes(StandardCharsets.UTF_8));
            channel.force(true);
        }
    }

    /** Writes every byte: a single write can accept only some of them. */
    static void all(java.nio.channels.WritableByteChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Fsyncs the names in a directory. */
    public static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
