package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.assertj.core.api.SoftAssertions;

/**
 * One fault of a real estate: how it is injected, what {@code status} and {@code plan} must say of it, and the way out that
 * they name. The row follows that way, and then the estate must be healthy and its plan empty.
 */
public final class FaultRow {

    /** One part of a row: what is done to the estate. */
    @FunctionalInterface
    public interface ManualAction {
        void run() throws Exception;
    }

    private static final int NEEDS_ATTENTION = 5;
    private static final Duration LONG =
            Duration.ofSeconds(Integer.parseInt(System.getenv().getOrDefault("HOLDFAST_FAULTS_PATIENCE", "120")));
    private static final Duration BETWEEN = Duration.ofMillis(300);
    private static final Path TRANSCRIPTS = Path.of("target/faults");

    private final String name;
    private final ManualAction injection;
    private final List<String> reasons = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private final List<String> failure = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final List<String> expectedOutput = new ArrayList<>();
    private boolean isLeft;
    private boolean isLeftOpen;
    private int statusExit = NEEDS_ATTENTION;
    private int grade = 1;
    private int planExit = 2;
    private Supplier<String> hint = () -> "HINT: holdfast apply";
    private Supplier<String> command = () -> "apply";
    private ManualAction way = () -> {};
    private ManualAction shown = () -> {};

    private FaultRow(String name, ManualAction injection) {
        this.name = name;
        this.injection = injection;
    }

    /** @param name the fault, as a person would say it */
    public static FaultRow of(String name, ManualAction injection) {
        return new FaultRow(name, injection);
    }

    /**
     * Whether this row is to run: those whose names match HOLDFAST_FAULTS where that is set; else all with
     * {@code -Dholdfast.long=true}, and without it the ones named.
     *
     * @param always rows of the default test command
     */
    public boolean isAsked(Set<String> always) {
        String asked = System.getenv("HOLDFAST_FAULTS");
        return asked != null ? name.matches(asked) : Boolean.getBoolean("holdfast.long") || always.contains(name);
    }

    /** What status must say. Status ends with 5 under --exit-code, and with WARNING as a plugin, unless more is said. */
    public FaultRow status(String... sentences) {
        reasons.addAll(List.of(sentences));
        return this;
    }

    /** The fault ends service or protection. */
    public FaultRow critical() {
        grade = 2;
        return this;
    }

    /** A node does not answer, so status ends with 10. */
    public FaultRow silent() {
        statusExit = 10;
        return this;
    }

    /** What plan must say, and its exit code under --detailed-exitcode. */
    public FaultRow plan(int exit, String... sentences) {
        planExit = exit;
        steps.addAll(List.of(sentences));
        return this;
    }

    /** What neither status nor plan may say: it would blame the wrong thing. */
    public FaultRow never(String... sentences) {
        wrong.addAll(List.of(sentences));
        return this;
    }

    /** The fault may take a moment until it shows. */
    public FaultRow after(ManualAction look) {
        shown = look;
        return this;
    }

    /** The command that leads out, without {@code holdfast}; it must be named, unless it is the apply of a plan's steps. */
    public FaultRow out(String words) {
        return out(() -> words);
    }

    /** @param words the command, once the fault is there */
    public FaultRow out(Supplier<String> words) {
        command = words;
        hint = () -> "HINT: holdfast " + words.get();
        return this;
    }

    /** The words of a hint that names apply itself. */
    public FaultRow leads(String words) {
        hint = () -> words;
        return this;
    }

    /** What a person does by hand, in the words of the hint, before {@code apply}. */
    public FaultRow manually(String words, ManualAction facts) {
        hint = () -> words;
        way = facts;
        return this;
    }

    /** The cause cannot be removed by apply, and apply leaves it as it is; then the way out is followed. */
    public FaultRow applyChangesNothing() {
        isLeft = true;
        return this;
    }

    /** The difference is no error of apply: apply does nothing, names it, and never says that nothing is to do. */
    public FaultRow applyLeavesItOpen() {
        isLeftOpen = true;
        return this;
    }

    /** No plan can know the cause: apply fails, and says it. */
    public FaultRow applyPrints(String... sentences) {
        failure.addAll(List.of(sentences));
        return this;
    }

    /** What a person does by hand; nothing else is left to do. */
    public FaultRow onlyManually(String words, ManualAction facts) {
        command = () -> "";
        return manually(words, facts);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Injects the fault, judges what is said, follows the way out, and looks whether it leads out. */
    public void run(RealEstate estate) throws Exception {
        SoftAssertions soft = new SoftAssertions();
        expectedOutput.clear();
        injection.run();
        shown.run();
        Ended status = does(estate, "status", "--exit-code");
        soft.assertThat(status.exit()).as("status --exit-code").isEqualTo(statusExit);
        soft.assertThat(status.out()).as("status").contains("needs attention");
        reasons.forEach(r -> soft.assertThat(status.out()).as("status").contains(r));
        Ended data = estate.run("status", "-o", "json");
        soft.assertThat(data.json().path("healthy").asBoolean()).as("healthy").isFalse();
        reasons.forEach(
                r -> soft.assertThat(data.json().path("clusters").toString().replace("\\\"", "\""))
                        .as("status -o json")
                        .contains(r));
        Ended plugin = does(estate, "status", "--nagios");
        soft.assertThat(plugin.exit()).as("status --nagios").isEqualTo(grade);
        Ended plan = does(estate, "plan", "--detailed-exitcode");
        soft.assertThat(plan.exit()).as("plan --detailed-exitcode").isEqualTo(planExit);
        soft.assertThat(plan.out()).as("plan").doesNotContain("as declared; nothing");
        String planned = plan.out() + plan.err();
        steps.forEach(s -> soft.assertThat(planned).as("plan").contains(s));
        wrong.forEach(w -> soft.assertThat(status.out() + planned)
                .as("what is not the cause")
                .doesNotContain(w));
        soft.assertThat(status.out() + planned).as("the hint").contains(hint.get());
        leave(estate, soft);
        write();
        soft.assertAll();
    }

    private void leave(RealEstate estate, SoftAssertions soft) throws Exception {
        if (!failure.isEmpty()) {
            Ended ended = does(estate, "apply", "--yes");
            soft.assertThat(ended.exit()).as("apply before the way out").isEqualTo(NEEDS_ATTENTION);
            failure.forEach(
                    f -> soft.assertThat(ended.err()).as("why apply fails").contains(f));
        }
        if (isLeftOpen) {
            Ended ended = does(estate, "apply", "--yes");
            soft.assertThat(ended.exit()).as("apply before the way out").isZero();
            reasons.forEach(r -> soft.assertThat(ended.err()).as("apply").contains(r));
            soft.assertThat(ended.out())
                    .as("apply")
                    .contains("no step to do; 1 open difference, which apply does not change")
                    .doesNotContain("nothing to do");
        }
        if (isLeft) {
            Ended ended = does(estate, "apply", "--yes");
            soft.assertThat(ended.exit()).as("apply before the way out").isIn(4, NEEDS_ATTENTION, 10);
            soft.assertThat(estate.changes())
                    .as("changes of apply before the way out")
                    .isZero();
        }
        way.run();
        if (!command.get().isEmpty()) {
            Ended ended = does(estate, (command.get() + " --yes").split(" "));
            soft.assertThat(ended.exit()).as(command.get()).isIn(0, NEEDS_ATTENTION);
        }
        Ended[] last = new Ended[2];
        try {
            Patience.until(() -> name + ": the way out leads out", LONG, BETWEEN, () -> {
                last[0] = estate.run("status", "--exit-code");
                last[1] = estate.run("plan", "--detailed-exitcode");
                return last[0].exit() == 0 && last[1].exit() == 0;
            });
        } catch (AssertionError stuck) {
            soft.fail(stuck.getMessage() + "\n" + last[0] + last[1]);
        }
        expectedOutput.add("afterwards\n" + last[0] + last[1]);
    }

    private Ended does(RealEstate estate, String... words) {
        Ended ended = estate.run(words);
        expectedOutput.add("$ holdfast " + String.join(" ", words) + "\n" + ended);
        return ended;
    }

    private void write() {
        try {
            Files.createDirectories(TRANSCRIPTS);
            Files.writeString(
                    TRANSCRIPTS.resolve(name.replace(' ', '-').replace('/', '-') + ".txt"),
                    String.join("\n", expectedOutput));
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
        assertThat(expectedOutput).isNotEmpty();
    }
}
