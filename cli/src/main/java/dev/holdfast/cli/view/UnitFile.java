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

/** A systemd unit that runs a command of Holdfast as it runs now. */
public final class UnitFile {

    private static final List<String> KEPT = List.of("HOLDFAST_HOME", "HOLDFAST_SERVERS", "XDG_STATE_HOME");

    private UnitFile() {}

    /** @param topology the file, as it was given */
    public static String archiver(String estate, Path topology, Map<String, String> environment) {
        String file = topology.toAbsolutePath().normalize().toString();
        String command = Stream.concat(program().stream(), Stream.of("backup", "archive", "-f", file))
                .map(UnitFile::quoted)
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

    /** How this process was started, up to the words for Holdfast itself. */
    private static List<String> program() {
        ProcessHandle.Info me = ProcessHandle.current().info();
        String java = me.command().orElse("java");
        List<String> words = me.arguments().map(Arrays::asList).orElse(List.of());
        int jar = words.indexOf("-jar");
        if (jar < 0 || jar + 1 >= words.size()) {
            return List.of("holdfast");
        }
        return Stream.concat(Stream.of(java), words.subList(0, jar + 2).stream())
                .filter(w -> !w.startsWith("-XX:DumpLoadedClassList"))
                .toList();
    }

    private static String quoted(String word) {
        String safe = word.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("%", "%%")
                .replace("$", "$$");
        return safe.matches("[A-Za-z0-9_@:=,./+-]+") ? safe : "\"" + safe + "\"";
    }

    private static String template() {
        try (InputStream in = UnitFile.class.getResourceAsStream("/scripts/host/archive.service")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
