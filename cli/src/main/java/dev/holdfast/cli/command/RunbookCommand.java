package dev.holdfast.cli.command;

import dev.holdfast.cli.files.AtomicFile;
import dev.holdfast.cli.files.StepTimings;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommandOutput;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.cli.view.RunbookMarkdown;
import dev.holdfast.engine.RunbookDocument;
import dev.holdfast.model.Cluster;
import java.io.IOException;
import java.io.PrintWriter;
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

/** The command {@code runbook}: writes the runbooks of an estate as text, from the same tables and steps that run. */
@Command(
        name = "runbook",
        description = "Write the runbooks as Markdown, from the same steps that run. Contacts no server.",
        footer = "  holdfast runbook --out runbooks")
public final class RunbookCommand implements Callable<Integer> {

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "write one file per runbook and an index to this directory")
    Path out;

    public RunbookCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        LoadedEstate estate = LoadedEstate.load(options, cliContext);
        StepTimings measured =
                StepTimings.read(cliContext.folders().estate(estate.topology().name()), estate.topology());
        Path file = out == null ? options.file : options.file.getFileName();
        List<RunbookMarkdown> pages = new ArrayList<>();
        for (Cluster cluster : estate.topology().clusters()) {
            for (RunbookDocument document : LoadedEstate.engine(cluster).documents(estate.topology(), cluster)) {
                if (document.stages().stream().anyMatch(a -> !a.plan().isEmpty())) {
                    pages.add(new RunbookMarkdown(document, file.toString(), measured));
                }
            }
        }
        Set<Path> written = new LinkedHashSet<>();
        if (out != null) {
            written.addAll(write(estate, pages));
        }
        print(estate, pages, written);
        return 0;
    }

    private Set<Path> write(LoadedEstate estate, List<RunbookMarkdown> pages) throws IOException {
        AtomicFile.folder(out);
        Set<Path> written = new LinkedHashSet<>();
        StringBuilder list =
                new StringBuilder("# Runbooks of " + estate.topology().name() + "\n\n");
        for (RunbookMarkdown page : pages) {
            Path path = out.resolve(page.name());
            AtomicFile.write(path, page.text());
            written.add(path);
            list.append("* [")
                    .append(page.document().title())
                    .append("](")
                    .append(page.name())
                    .append(")\n");
        }
        list.append(
                "\nMade by `holdfast runbook --out DIR`; times, terms, and WAL and oplog positions are examples.\n");
        Path index = out.resolve("README.md");
        AtomicFile.write(index, list.toString());
        written.add(index);
        return written;
    }

    private void print(LoadedEstate estate, List<RunbookMarkdown> pages, Set<Path> written) {
        Map<String, Object> data =
                ResultData.result("runbook", estate.topology().name());
        data.put("files", written.stream().map(Path::toString).toList());
        data.put(
                "runbooks",
                pages.stream()
                        .map(p -> ResultData.map(
                                "title", p.document().title(),
                                "when", p.document().occasion(),
                                "command", "holdfast " + p.document().command(),
                                "decided_by",
                                        p.document().table().stream()
                                                .map(r -> ResultData.map(
                                                        "code", r.code().word(), "when", r.when()))
                                                .toList(),
                                "stages",
                                        p.document().stages().stream()
                                                .map(ResultData::of)
                                                .toList()))
                        .toList());
        CommandOutput.result(spec, options, data, to -> print(to, pages, written));
    }

    private static void print(PrintWriter to, List<RunbookMarkdown> pages, Set<Path> written) {
        if (written.isEmpty()) {
            pages.forEach(p -> to.print(p.text()));
        } else {
            written.forEach(to::println);
        }
    }
}
