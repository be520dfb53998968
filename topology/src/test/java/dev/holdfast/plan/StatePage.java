package dev.holdfast.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first table of a page below {@code examples/}: the states of a role change, and the commands that end each. */
public final class StatePage {

    private static final Pattern COMMAND = Pattern.compile("`holdfast ([^`]+)`");

    private StatePage() {}

    /** The rows of the table without its head, as cells. */
    public static List<List<String>> rows(String file) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : lines(file)) {
            if (line.startsWith("|")) {
                rows.add(Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList());
            } else if (!rows.isEmpty()) {
                break;
            }
        }
        return rows.subList(2, rows.size());
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(repository().resolve("examples").resolve(file));
        } catch (IOException notThere) {
            throw new UncheckedIOException(notThere);
        }
    }

    private static Path repository() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("examples"))) {
            at = at.getParent();
        }
        return at;
    }

    /** The ways of a cell, which "or" separates; each is a list of commands without the program's name. */
    public static List<List<String>> ways(String cell) {
        return Arrays.stream(cell.split("; or "))
                .map(way -> {
                    List<String> commands = new ArrayList<>();
                    Matcher command = COMMAND.matcher(way);
                    while (command.find()) {
                        commands.add(command.group(1));
                    }
                    return commands;
                })
                .toList();
    }
}
