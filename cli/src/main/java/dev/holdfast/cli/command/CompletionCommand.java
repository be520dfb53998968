package dev.holdfast.cli.command;

import dev.holdfast.model.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code completion}: prints what a shell needs to complete commands and options. */
@Command(
        name = "completion",
        description = "Print a script for the completion of commands and options in a shell.",
        footer = {
            "  holdfast completion bash > ~/.local/share/bash-completion/completions/holdfast",
            "  holdfast completion zsh > ~/.zfunc/_holdfast"
        })
public final class CompletionCommand implements Callable<Integer> {

    /** The shells. */
    enum Shell {
        bash,
        zsh
    }

    @Spec
    CommandSpec spec;

    @Mixin
    HelpOption help;

    @Parameters(arity = "0..1", paramLabel = "SHELL", defaultValue = "bash", description = "bash (default) or zsh")
    Shell shell;

    @Override
    public Integer call() {
        String script = AutoComplete.bash("holdfast", spec.root().commandLine());
        PrintWriter out = spec.commandLine().getOut();
        if (shell == Shell.zsh) {
            out.print("#compdef holdfast\n");
        }
        out.print(script);
        if (shell == Shell.zsh) {
            // zsh runs this file at the first completion, which the registered function answers
            out.print("\n_bash_complete -o default -F _complete_holdfast\n");
        }
        out.flush();
        return ExitCode.DONE.code();
    }
}
