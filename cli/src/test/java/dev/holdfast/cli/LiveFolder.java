package dev.holdfast.cli;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lists a folder in which running servers create and remove files. {@link Files#walk} fails when a file vanishes between
 * the listing and the read of its attributes, for example a temporary file of the archive.
 */
public final class LiveFolder {

    private LiveFolder() {}

    public static Stream<Path> walk(Path folder) throws IOException {
        return walk(folder, Integer.MAX_VALUE);
    }

    /**
     * @return the folder and everything below it, to a depth; a path that vanishes meanwhile is left out
     * @throws NoSuchFileException the folder itself does not exist
     */
    public static Stream<Path> walk(Path folder, int depth) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(folder, EnumSet.noneOf(FileVisitOption.class), depth, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                found.add(directory);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                found.add(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                return vanished(file, failed);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failed) throws IOException {
                return failed == null ? FileVisitResult.CONTINUE : vanished(directory, failed);
            }

            private FileVisitResult vanished(Path path, IOException failed) throws IOException {
                if (failed instanceof NoSuchFileException && !path.equals(folder)) {
                    return FileVisitResult.CONTINUE;
                }
                throw failed;
            }
        });
        return found.stream();
    }

    /** @return whether the archive below a folder holds a segment, whole: pgBackRest writes it under a temporary name first. */
    public static boolean archives(Path folder, String segment) throws IOException {
        try (Stream<Path> all = walk(folder)) {
            return all.map(path -> path.getFileName().toString())
                    .anyMatch(name -> name.startsWith(segment) && !name.endsWith(".tmp"));
        }
    }
}
