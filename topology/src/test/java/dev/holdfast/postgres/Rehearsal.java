package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Order;
import dev.holdfast.model.Exit;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.plan.Runner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Switchover, failover and rejoin of a trio on pretend servers: decided, refused or carried out. */
class Rehearsal {

    Bank bank = Bank.applied(new Trio());
    /** The row that decides what was last asked for. */
    private Runnable row = () -> {};

    /** The decision tables of which a test class sees every row, by their rules; one that only carries out has none. */
    Map<List<?>, DecisionTable> tables() {
        return Map.of();
    }

    static Order order(String to, boolean loss, String... overrides) {
        return new Order("", to.isEmpty() ? Optional.empty() : Optional.of(to), loss, Set.of(overrides));
    }

    TakeoverSeen seen(String to) {
        return new TakeoverProbes(
                        bank.trio.estate(), bank.trio.cluster(), to.isEmpty() ? Optional.empty() : Optional.of(to))
                .look(bank.world);
    }

    void saw(List<?> table, Decision<Ruling> decision) {
        Ruling ruling = decision.then();
        String way = switch (ruling.way()) {
            case GO -> "go on, with " + ruling.who();
            case FINISH -> "nothing, or what is left to do";
            case TAKE_BACK -> "take the handover back: " + ruling.who() + " goes on as primary";
            case FOLLOW -> "start it as a standby, without a rewind";
            case REWIND -> "keep what only it has, rewind it, start it as a standby";
            case CLONE -> "keep its folder aside and clone it";
            case FENCE -> "fence it, then bring it back";
            case REFUSE -> "";
        };
        DecisionTable seen = tables().get(table);
        if (seen != null) {
            seen.saw(decision, way, ruling.exit(), ruling.hint());
        }
    }

    Maneuver<TakeoverSeen> switchover(String to, String... overrides) {
        row = () -> {
            SwitchoverCase now = new SwitchoverCase(seen(""), order(to, false, overrides));
            saw(SwitchoverCase.TABLE, now.decision());
            if (now.primary().isPresent()) {
                now.candidate().ifPresent(c -> saw(Candidate.TABLE, c.decision()));
            }
        };
        return PostgresSwitchover.maneuver(bank.trio.estate(), bank.trio.cluster(), order(to, false, overrides));
    }

    Maneuver<TakeoverSeen> failover(String to, boolean loss, String... overrides) {
        row = () -> saw(FailoverCase.TABLE, new FailoverCase(seen(to), order(to, loss, overrides)).decision());
        return PostgresFailover.maneuver(bank.trio.estate(), bank.trio.cluster(), order(to, loss, overrides));
    }

    Maneuver<TakeoverSeen> rejoin(String name) {
        row = () -> saw(RejoinCase.TABLE, new RejoinCase(seen(""), name).decision());
        return PostgresRejoin.maneuver(bank.trio.estate(), bank.trio.cluster(), order(name, false));
    }

    void decides(Maneuver<?> maneuver, String sentence, String because) {
        Maneuver.Decided decided = maneuver.decide(bank.world);
        row.run();
        assertThat(decided.refusal()).isEmpty();
        assertThat(decided.sentence()).isEqualTo(sentence);
        assertThat(decided.because()).contains(because);
    }

    void refuses(Maneuver<?> maneuver, Exit exit, String because, String hint) {
        Maneuver.Decided decided = maneuver.decide(bank.world);
        row.run();
        assertThat(decided.refusal()).as(decided.toString()).isPresent();
        assertThat(decided.refusal().get().exit()).isEqualTo(exit);
        assertThat(decided.refusal().get().what()).contains(because);
        assertThat(decided.refusal().get().hint()).contains(hint);
        bank.world.forget();
        assertThat(bank.run(maneuver.book()).exit()).isEqualTo(exit);
        assertThat(bank.world.changes()).isEmpty();
    }

    void done(Maneuver<?> maneuver) {
        Runner.Outcome outcome = bank.run(maneuver.book());
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.refusals()).isEmpty();
        assertThat(outcome.exit()).isEqualTo(Exit.DONE);
    }

    void lost(String name) {
        bank.at(name).up = false;
    }
}
