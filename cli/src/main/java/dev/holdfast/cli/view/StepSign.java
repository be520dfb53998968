package dev.holdfast.cli.view;

import dev.holdfast.plan.Step;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Help.Ansi;

/** The sign of a step in a plan: what kind of change the step makes. */
enum StepSign {
    CREATE('+', "green", "create"),
    CHANGE('~', "yellow", "change"),
    RESTART('*', "cyan", "restart"),
    DELETE('-', "red", "delete"),
    DESTRUCTIVE('!', "bold,red", "destructive");

    private static final Set<String> CREATING = Set.of(
            "start",
            "create",
            "clone",
            "build",
            "add",
            "initiate",
            "copy",
            "back",
            "archive",
            "unpack",
            "load",
            "write");
    private static final Set<String> DELETING = Set.of("drop", "remove", "expire", "delete");

    private final char sign;
    private final String colour;
    private final String word;

    StepSign(char sign, String colour, String word) {
        this.sign = sign;
        this.colour = colour;
        this.word = word;
    }

    /** Returns the sign by the risk and the verb, because the title of a step begins with an imperative. */
    static StepSign of(Step step) {
        if (step.risk() == Step.Risk.DANGER) {
            return DESTRUCTIVE;
        }
        String title = step.title();
        int end = title.indexOf(' ');
        String verb = (end < 0 ? title : title.substring(0, end)).toLowerCase(Locale.ROOT);
        if (verb.equals("restart")) {
            return RESTART;
        }
        return CREATING.contains(verb) ? CREATE : DELETING.contains(verb) ? DELETE : CHANGE;
    }

    String printed(Ansi ansi) {
        return ansi.string("@|" + colour + " " + sign + "|@");
    }

    /** Returns the sign with its word and a number, for the summary. */
    String counted(Ansi ansi, long count) {
        return printed(ansi) + " " + count + " " + word;
    }
}
