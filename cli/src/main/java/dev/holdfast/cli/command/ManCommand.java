package dev.holdfast.cli.command;

import dev.holdfast.cli.files.AtomicFile;
import dev.holdfast.cli.view.ManPage;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code man}: writes the man pages of all commands. */
@Command(
        name = "man",
        description = "Print the man page of a command, or write all man pages to a directory.",
        footer = {"  holdfast man drill run", "  holdfast man --out man1"})
public final class ManCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    HelpOption help;

    @Parameters(arity = "0..2", paramLabel = "COMMAND", description = "the command (default: holdfast itself)")
    List<String> words = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "write one file per command to this directory")
    Path out;

    @Override
    public Integer call() throws IOException {
        if (out != null) {
            AtomicFile.folder(out);
            write(spec.root());
            return ExitCode.DONE.code();
        }
        CommandSpec page = spec.root();
        for (String word : words) {
            CommandLine command = page.subcommands().get(word);
            if (command == null) {
                throw new HoldfastException(ExitCode.USAGE, word, "unknown command", "holdfast help");
            }
            page = command.getCommandSpec();
        }
        PrintWriter to = spec.commandLine().getOut();
        to.print(ManPage.of(page));
        to.flush();
        return ExitCode.DONE.code();
    }

    private void write(CommandSpec page) throws IOException {
        AtomicFile.write(out.resolve(ManPage.name(page) + ".1"), ManPage.of(page));
        for (CommandLine command : page.subcommands().values()) {
            write(command.getCommandSpec());
        }
    }
}
