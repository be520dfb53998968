package dev.holdfast.cli.command;

import picocli.CommandLine.Option;

/** The only option of commands that concern no estate. */
final class HelpOption {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    boolean help;
}
