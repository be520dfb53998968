package dev.holdfast.cli.command;

import dev.holdfast.cli.files.Measured;
import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.RunbookPage;
import dev.holdfast.engine.Chapter;
import dev.holdfast.model.Cluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the runbooks of an estate down for people, from the same tables and steps that run; asks no server. */
@Command(
        name = "runbook",
        description = "Write the runbooks down as Markdown, from the same steps that run. Asks no server.")
public final class RunbookCommand implements Callable<Integer> {

    private final Desk desk;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "write one file for each runbook there, and a list of them")
    Path out;

    public RunbookCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        Estate estate = Estate.load(options, desk);
        Measured measured =
                Measured.read(desk.folders().estate(estate.topology().name()), estate.topology());
        Path file = out == null ? options.file : options.file.getFileName();
        List<RunbookPage> pages = new ArrayList<>();
        for (Cluster cluster : estate.topology().clusters()) {
            for (Chapter chapter : Estate.engine(cluster).chapters(estate.topology(), cluster)) {
                if (chapter.acts().stream().anyMatch(a -> !a.plan().isEmpty())) {
                    pages.add(new RunbookPage(chapter, file.toString(), measured));
                }
            }
        }
        Set<Path> written = new LinkedHashSet<>();
        if (out != null) {
            written.addAll(write(estate, pages));
        }
        tell(estate, pages, written);
        return 0;
    }

    private Set<Path> write(Estate estate, List<RunbookPage> pages) throws IOException {
        Files.createDirectories(out);
        Set<Path> written = new LinkedHashSet<>();
        StringBuilder list =
                new StringBuilder("# Runbooks of " + estate.topology().name() + "\n\n");
        for (RunbookPage page : pages) {
            Path path = out.resolve(page.name());
            Files.writeString(path, page.text());
            written.add(path);
            list.append("* [")
                    .append(page.chapter().title())
                    .append("](")
                    .append(page.name())
                    .append(")\n");
        }
        list.append("\nMade by `holdfast runbook --out DIR`; times, terms and positions in the log are examples.\n");
        Path index = out.resolve("README.md");
        Files.writeString(index, list.toString());
        written.add(index);
        return written;
    }

    private void tell(Estate estate, List<RunbookPage> pages, Set<Path> written) {
        Map<String, Object> data = Data.result("runbook", estate.topology().name());
        data.put("files", written.stream().map(Path::toString).toList());
        data.put(
                "runbooks",
                pages.stream()
                        .map(p -> Data.map(
                                "title", p.chapter().title(),
                                "when", p.chapter().occasion(),
                                "command", "holdfast " + p.chapter().command(),
                                "decided_by", p.chapter().table(),
                                "acts",
                                        p.chapter().acts().stream()
                                                .map(Data::of)
                                                .toList()))
                        .toList());
        Told.result(spec, options, data, to -> print(to, pages, written));
    }

    private static void print(PrintWriter to, List<RunbookPage> pages, Set<Path> written) {
        if (written.isEmpty()) {
            pages.forEach(p -> to.print(p.text()));
        } else {
            written.forEach(to::println);
        }
    }
}
