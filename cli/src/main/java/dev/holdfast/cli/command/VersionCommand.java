package dev.holdfast.cli.command;

import dev.holdfast.BuiltIns;
import dev.holdfast.engine.VersionProblems;
import dev.holdfast.model.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code version}: prints what runs, and the server versions whose end of support Holdfast knows. */
@Command(
        name = "version",
        description = "Print the version, the commit, Java, and the server versions that Holdfast knows.",
        footer = "  holdfast version")
public final class VersionCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    HelpOption help;

    @Override
    public Integer call() throws IOException {
        Properties build = new Properties();
        try (InputStream in = VersionCommand.class.getResourceAsStream("/holdfast-build.properties")) {
            build.load(in);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("holdfast    " + build.getProperty("version").replace("-SNAPSHOT", ""));
        out.println("commit      " + build.getProperty("commit"));
        out.println("Java        " + System.getProperty("java.runtime.version") + " ("
                + System.getProperty("java.vendor") + ")");
        BuiltIns.engines().forEach(e -> print(out, e.versions()));
        out.flush();
        return ExitCode.DONE.code();
    }

    private static void print(PrintWriter out, VersionProblems versions) {
        String today = LocalDate.now().toString();
        String series = versions.ends().entrySet().stream()
                .sorted(Comparator.comparing(e -> e.getValue()))
                .map(e -> e.getKey()
                        + (e.getValue().compareTo(today) < 0
                                ? " (no security fixes since " + e.getValue() + ")"
                                : " (supported until " + e.getValue() + ")"))
                .collect(Collectors.joining(", "));
        out.println(
                versions.title() + " ".repeat(Math.max(1, 12 - versions.title().length())) + series);
    }
}
