package dev.holdfast.cli.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A systemd unit that runs a Holdfast command with the current program and options. */
public final class SystemdUnit {

    private static final List<String> KEPT = List.of("HOLDFAST_HOME", "HOLDFAST_SERVERS", "XDG_STATE_HOME");

    /** The class that the launcher starts. */
    private static final String MAIN = "dev.holdfast.cli.Main";

    private SystemdUnit() {}

    /** @param topology the file as it was typed */
    public static String archiver(String estate, Path topology, Map<String, String> environment) {
        String file = topology.toAbsolutePath().normalize().toString();
        String command = Stream.concat(program().stream(), Stream.of("backup", "archive", "-f", file))
                .map(SystemdUnit::quoted)
                .collect(Collectors.joining(" "));
        String variables = KEPT.stream()
                .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                .map(name -> "Environment=" + quoted(name + "=" + environment.get(name)) + "\n")
                .collect(Collectors.joining());
        return template()
                .replace("{{estate}}", estate)
                .replace("{{user}}", System.getProperty("user.name"))
                .replace("{{variables}}", variables)
                .replace("{{command}}", command);
    }

    private static List<String> program() {
        ProcessHandle.Info me = ProcessHandle.current().info();
        return program(
                me.command().orElse("java"), me.arguments().map(Arrays::asList).orElse(List.of()));
    }

    /** Returns the command that started this process, without Holdfast's own arguments; {@code holdfast} when it is unknown. */
    static List<String> program(String java, List<String> words) {
        int end = Math.max(words.indexOf(MAIN), after(words, "-jar"));
        if (end < 0) {
            return List.of("holdfast");
        }
        return Stream.concat(Stream.of(java), words.subList(0, end + 1).stream())
                .filter(w -> !w.startsWith("-XX:DumpLoadedClassList"))
                .toList();
    }

    private static int after(List<String> words, String option) {
        int at = words.indexOf(option);
        return at < 0 || at + 1 >= words.size() ? -1 : at + 1;
    }

    private static String quoted(String word) {
        String safe = word.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("%", "%%")
                .replace("$", "$$");
        return safe.matches("[A-Za-z0-9_@:=,./+-]+") ? safe : "\"" + safe + "\"";
    }

    private static String template() {
        try (InputStream in = SystemdUnit.class.getResourceAsStream("/scripts/host/archive.service")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
