package dev.holdfast.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.ActionResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Questions that go to a host as one command are answered as if each went alone. */
@Tag("unit")
class ProbeBatcherTest {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final LocalCommandRunner local = new LocalCommandRunner(Map.of("PATH", System.getenv("PATH")), threads);
    private final List<String> sent = new ArrayList<>();

    /** Runs here what would run on a host. */
    private final class Counting implements CommandRunner {

        @Override
        public ActionResult run(String program, Duration deadline) {
            sent.add(program);
            return local.run(program, deadline);
        }

        @Override
        public HeldScript hold(String program, Duration deadline) {
            throw new AssertionError("nothing is held");
        }

        @Override
        public boolean isFar() {
            return true;
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private List<ActionResult> asked(Duration limit, String... programs) {
        ProbeBatcher questions = new ProbeBatcher(new Counting(), limit);
        List<ProbeBatcher.BatchedProbe> seats =
                Stream.of(programs).map(questions::join).toList();
        assertThat(seats).filteredOn(ProbeBatcher.BatchedProbe::isFirst).containsExactly(seats.get(0));
        questions.send(seats.get(0).batch());
        assertThat(sent).hasSize(1);
        return seats.stream().map(ProbeBatcher.BatchedProbe::answer).toList();
    }

    @Test
    void one_question_alone_goes_as_it_is() {
        assertThat(asked(LIMIT, "echo alone")).containsExactly(ActionResult.ok("alone\n"));
        assertThat(sent).containsExactly("echo alone");
    }

    @Test
    void several_are_answered_as_if_each_went_alone() {
        String[] programs = {
            "echo \"one $0\"; echo noise >&2",
            "printf 'no end'",
            "echo 'it'\\''s'; exit 0",
            "true",
            "echo out; echo why >&2; echo not >&2; exit 3",
            "set -eu; cat; echo \"$undeclared\"",
            "seq 1 60000",
            "printf '\\n\\nhf00-1\\n\\n'",
            "trap 'echo ended' EXIT; cd /; pwd"
        };
        List<ActionResult> alone =
                Stream.of(programs).map(p -> local.run(p, LIMIT)).toList();
        List<ActionResult> together = asked(LIMIT, programs);
        for (int i = 0; i < programs.length; i++) {
            assertThat(together.get(i).outcome())
                    .as(programs[i])
                    .isEqualTo(alone.get(i).outcome());
            assertThat(together.get(i).code())
                    .as(programs[i])
                    .isEqualTo(alone.get(i).code());
            assertThat(together.get(i).text().replaceFirst("sh: [0-9]+:", "sh:"))
                    .as(programs[i])
                    .isEqualTo(alone.get(i).text().replaceFirst("sh: [0-9]+:", "sh:"));
        }
    }

    @Test
    void a_probe_without_an_answer_does_not_delay_the_others() {
        List<ActionResult> answers = asked(Duration.ofSeconds(6), "echo first", "sleep 60", "echo last");
        assertThat(answers.get(0)).isEqualTo(ActionResult.ok("first\n"));
        assertThat(answers.get(1).isSilent()).isTrue();
        assertThat(answers.get(1).text()).contains("not finished within 6 s");
        assertThat(answers.get(2)).isEqualTo(ActionResult.ok("last\n"));
    }

    @Test
    void no_word_of_a_question_stands_in_an_argument_of_a_program() {
        List<ActionResult> answers = asked(
                LIMIT,
                "export password=a-secret-word; sleep 0.5; echo \"$password\" | wc -c",
                "sleep 0.2; grep -lsa a-secret[-]word /proc/[0-9]*/cmdline || echo none");
        assertThat(answers.get(0).text().strip()).isEqualTo("14");
        assertThat(answers.get(1)).isEqualTo(ActionResult.ok("none\n"));
    }

    @Test
    void an_answer_without_its_mark_is_no_answer() {
        assertThat(ProbeBatcher.part("out\nhf00-0 0\n\nhf00-0\nmore", "hf00-0", LIMIT))
                .contains(ActionResult.ok("out"));
        assertThat(ProbeBatcher.part("out\nhf00-0 0\n\nhf00-0\nmore", "hf00-1", LIMIT))
                .isEmpty();
        assertThat(ProbeBatcher.part("out\nhf00-0 0\nwhy", "hf00-0", LIMIT)).isEmpty();
    }
}
