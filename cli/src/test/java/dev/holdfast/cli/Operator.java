package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A person who runs the commands of a page on a real estate, and then follows the hints until nothing is to do. */
public final class Operator {

    /** Commands after those of the page, until the plan is empty. */
    private static final int MOST_AFTERWARDS = 6;

    private static final int UNREACHABLE = 10;
    private static final Pattern HINT = Pattern.compile("HINT:.*?holdfast ((?:apply|rejoin|failover|switchover)"
            + "(?: [a-z]+(?:/[a-z]+(?:/[a-z]1)?)?)?(?: --to [a-z]1)?)");

    private final RealEstate estate;
    private final List<String> messages = new ArrayList<>();

    public Operator(RealEstate estate) {
        this.estate = estate;
    }

    /** All that was run, with its output. */
    public String output() {
        return String.join("\n", messages);
    }

    public Ended types(String command) {
        // several failovers follow each other here; the product asks for consent to that
        String words = command + " --yes" + (command.startsWith("failover") ? " --override=failover-again" : "");
        Ended ended = estate.run(words.split(" "));
        for (int attempt = 1; attempt < 4 && ended.exit() == UNREACHABLE; attempt++) {
            ended = estate.run(words.split(" ")); // on a busy machine a look may stay without an answer
        }
        messages.add("$ holdfast " + words + "\n" + ended);
        return ended;
    }

    /**
     * Runs a command of the page. Consent to a loss is given only after a refusal with exit 7 that asks for it.
     *
     * @param isAsked whether that refusal must come; else it may
     * @return whether a loss was accepted
     */
    public boolean ends(String command, boolean isAsked) {
        Ended ended = types(command.replace(" --accept-data-loss", ""));
        boolean accepts = command.contains("--accept-data-loss") && (isAsked || ended.exit() == 7);
        if (accepts) {
            assertThat(ended.exit()).as(command + " without consent").isEqualTo(7);
            assertThat(ended.err()).contains("--accept-data-loss");
            ended = types(command);
        }
        assertThat(ended.exit()).as(command).isIn(0, 5);
        return accepts;
    }

    /** Follows the hints until nothing is to do. */
    public void followsHints() {
        Map<String, Integer> times = new HashMap<>();
        for (int i = 0; ; i++) {
            Ended plan = estate.run("plan", "--detailed-exitcode");
            if (plan.exit() == 0) {
                break;
            }
            messages.add("$ holdfast plan\n" + plan);
            assertThat(i).as("commands after those of the page").isLessThan(MOST_AFTERWARDS);
            Matcher hint = HINT.matcher(plan.out() + plan.err());
            String next = "apply";
            while (hint.find() && next.equals("apply")) {
                next = times.getOrDefault(hint.group(1), 0) < 1 ? hint.group(1) : "apply";
            }
            times.merge(next, 1, Integer::sum);
            types(next);
        }
        Patience.until(
                "the estate is healthy", () -> estate.run("status", "--nagios").exit() == 0);
    }

    /**
     * Without the secrets of the estate each command is refused, and changes nothing.
     *
     * @param exits of which the refusal has one
     */
    public void isRefusedWithoutSecrets(String name, List<String> commands, Integer... exits) throws Exception {
        Path secrets = estate.folder().resolve("home/" + name + "/secrets");
        Path away = secrets.resolveSibling("away");
        Files.move(secrets, away);
        try {
            for (String command : commands) {
                Ended ended = estate.run((command + " --yes").split(" "));
                assertThat(ended.exit())
                        .as(command + " without secrets: " + ended)
                        .isIn((Object[]) exits);
                assertThat(estate.changes()).as(command + " without secrets").isZero();
            }
        } finally {
            new ProcessBuilder("rm", "-rf", secrets.toString()).start().waitFor();
            Files.move(away, secrets);
        }
    }
}
