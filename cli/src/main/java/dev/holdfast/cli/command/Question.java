package dev.holdfast.cli.command;

import dev.holdfast.model.Exit;
import dev.holdfast.model.Trouble;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** Asks the person at the terminal; without a terminal nothing is asked. */
final class Question {

    private Question() {}

    /** @throws Trouble {@code noTerminal} when there is nobody to ask */
    static boolean agreed(Desk desk, CommandSpec spec, String question, Trouble noTerminal) {
        return answer(desk, spec, question + " [y/N] ", noTerminal)
                .toLowerCase(Locale.ROOT)
                .matches("y|yes");
    }

    /** @throws Trouble {@code noTerminal} when there is nobody to ask, REFUSED when the answer is not yes */
    static void yes(Desk desk, CommandSpec spec, String question, Trouble noTerminal) {
        if (!agreed(desk, spec, question, noTerminal)) {
            throw new Trouble(Exit.REFUSED, "apply", "not agreed to; nothing was changed", "");
        }
    }

    /** @throws Trouble {@code noTerminal} when there is nobody to ask, REFUSED when another word is typed */
    static void typed(Desk desk, CommandSpec spec, String question, String word, Trouble noTerminal) {
        String answer = answer(desk, spec, question, noTerminal);
        if (!answer.equals(word)) {
            throw new Trouble(Exit.REFUSED, word, "the name typed was not " + word + "; nothing was changed", "");
        }
    }

    private static String answer(Desk desk, CommandSpec spec, String question, Trouble noTerminal) {
        Console console = System.console();
        if (!desk.isTerminal() || console == null) {
            throw noTerminal;
        }
        PrintWriter err = spec.commandLine().getErr();
        err.print(question);
        err.flush();
        String line = console.readLine();
        return line == null ? "" : line.strip();
    }
}
