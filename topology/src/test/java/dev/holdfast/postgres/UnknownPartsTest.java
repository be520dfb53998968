package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.UndeclaredServers;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.world.FakeWorld;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was not compared is named, and neither plan nor apply calls the estate as declared. */
@Tag("unit")
class UnknownPartsTest {

    private final Trio trio = new Trio();

    private static List<Plan> plans(Runbook<?> runbook, Bank bank) {
        return runbook.plan(bank.world).stream().map(Runbook.Planned::plan).toList();
    }

    private static List<String> missing(List<Plan> plans) {
        return plans.stream()
                .flatMap(p -> p.missing().stream())
                .map(m -> m.where() + ": " + m.what())
                .toList();
    }

    private List<Plan> backups(Bank bank) {
        return plans(new PostgresEngine().schedule(trio.estate(), trio.cluster()), bank);
    }

    @Test
    void backups_are_not_compared_while_the_primary_stays_silent() {
        Bank bank = Bank.applied(trio);
        trio.repository = Optional.of(Trio.weekly());
        bank.at("a1").hangs = true;
        assertThat(backups(bank).stream().flatMap(p -> p.missing().stream()))
                .singleElement()
                .satisfies(m -> {
                    assertThat(m.where()).isEqualTo("payments");
                    assertThat(m.what())
                            .isEqualTo(
                                    "the base backups were not compared with the declared schedule, because a1 does not"
                                            + " answer and no other member is primary");
                    assertThat(m.exit()).isEqualTo(ExitCode.UNREACHABLE);
                });
        RunbookOutcome outcome = bank.run(new PostgresEngine().schedule(trio.estate(), trio.cluster()));
        assertThat(outcome.exit()).isEqualTo(ExitCode.UNREACHABLE);
        bank.at("a1").hangs = false;
        bank.at("a1").up = false;
        assertThat(missing(backups(bank)))
                .as("a stopped primary is started by apply, which compares then")
                .isEmpty();
    }

    @Test
    void servers_that_refuse_the_password_are_not_called_silent() {
        Bank bank = Bank.applied(trio);
        trio.repository = Optional.of(Trio.weekly());
        List.of("a1", "b1", "d1").forEach(n -> bank.at(n).refuses = "28P01");
        assertThat(missing(backups(bank))).isEmpty();
    }

    @Test
    void a_primary_that_answers_the_second_query_has_its_backups_compared() {
        Bank bank = Bank.applied(trio);
        trio.repository = Optional.of(Trio.weekly());
        bank.world.unanswered("a1", "postgres/primary-system.sql").unanswered("a1", "postgres/repository-look.sh");
        assertThat(backups(bank).stream().flatMap(p -> p.open().stream()))
                .singleElement()
                .satisfies(
                        o -> assertThat(o.what()).startsWith("the base backups are unknown, because the repository"));
    }

    @Test
    void undeclared_servers_are_unknown_on_a_host_that_answers_other_queries() {
        Bank bank = Bank.applied(trio);
        Runbook<?> runbook = UndeclaredServers.after(bank.runbook(), trio.estate(), trio.cluster(), false);
        assertThat(bank.run(runbook).exit()).isEqualTo(ExitCode.DONE);
        bank.world.unanswered("b1", "host/undeclared-look.sh");
        assertThat(missing(plans(runbook, bank)))
                .singleElement()
                .satisfies(m -> assertThat(m)
                        .startsWith("b1: the host does not answer, so undeclared servers there are unknown")
                        .contains(FakeWorld.TRUNCATED));
        assertThat(bank.run(runbook).exit()).isEqualTo(ExitCode.UNREACHABLE);
    }

    @Test
    void a_silent_host_is_named_once() {
        Bank bank = Bank.applied(trio);
        Runbook<?> runbook = UndeclaredServers.after(bank.runbook(), trio.estate(), trio.cluster(), false);
        bank.fake.silentHosts.add("d1");
        assertThat(missing(plans(runbook, bank)))
                .singleElement()
                .satisfies(m -> assertThat(m).startsWith("payments/servers/d1: the host d1 does not answer"));
    }
}
