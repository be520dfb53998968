package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.rolechange.FailoverDecision;
import dev.holdfast.postgres.rolechange.FailoverFacts;
import dev.holdfast.postgres.rolechange.FailoverOperation;
import dev.holdfast.postgres.rolechange.RejoinDecision;
import dev.holdfast.postgres.rolechange.RejoinOperation;
import dev.holdfast.postgres.rolechange.RoleChangeDecision;
import dev.holdfast.postgres.rolechange.SwitchoverCandidate;
import dev.holdfast.postgres.rolechange.SwitchoverDecision;
import dev.holdfast.postgres.rolechange.SwitchoverOperation;
import dev.holdfast.postgres.state.RoleChangeState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Switchover, failover and rejoin of a trio on pretend servers: decided, refused or carried out. */
public class Rehearsal {

    public Bank bank = Bank.applied(new Trio());
    /** The row that decides what was last asked for. */
    private Runnable row = () -> {};

    /** The decision tables of which a test class sees every row, by their rules; one that only carries out has none. */
    Map<List<?>, DecisionTable> tables() {
        return Map.of();
    }

    static RoleChangeRequest request(String to, boolean loss, String... overrides) {
        return new RoleChangeRequest("", to.isEmpty() ? Optional.empty() : Optional.of(to), loss, Set.of(overrides));
    }

    RoleChangeState state(String to) {
        return new RoleChangeProbe(
                        bank.trio.estate(), bank.trio.cluster(), to.isEmpty() ? Optional.empty() : Optional.of(to))
                .look(bank.world);
    }

    void recordRow(List<?> table, Decision<RoleChangeDecision> decision) {
        RoleChangeDecision ruling = decision.then();
        String way = switch (ruling.way()) {
            case GO -> "go on, with " + ruling.node();
            case FINISH -> "nothing to do, or only what is left";
            case START -> "start " + ruling.node() + " as standby, then decide again";
            case RESUME -> "start " + ruling.node() + " as primary again";
            case TAKE_BACK -> "revert the switchover: " + ruling.node() + " stays primary";
            case FOLLOW -> "start the member as a standby, without a rewind";
            case REWIND -> "preserve the WAL and rows that only the member has, rewind it, start it as a standby";
            case CLONE -> "preserve the member's data and clone it again";
            case FENCE -> "fence the member, then return it as a standby";
            case REFUSE -> "";
        };
        DecisionTable state = tables().get(table);
        if (state != null) {
            state.recordRow(decision, way, ruling.exit(), ruling.hint());
        }
    }

    public Operation<RoleChangeState> switchover(String to, String... overrides) {
        row = () -> {
            SwitchoverDecision now = new SwitchoverDecision(state(""), request(to, false, overrides));
            recordRow(SwitchoverDecision.TABLE, now.decision());
            if (now.primary().isPresent()) {
                now.candidate().ifPresent(c -> recordRow(SwitchoverCandidate.TABLE, c.decision()));
            }
        };
        return SwitchoverOperation.operation(bank.trio.estate(), bank.trio.cluster(), request(to, false, overrides));
    }

    public Operation<RoleChangeState> failover(String to, boolean loss, String... overrides) {
        row = () -> recordRow(
                FailoverDecision.TABLE,
                FailoverDecision.of(new FailoverFacts(state(to), request(to, loss, overrides))));
        return FailoverOperation.operation(bank.trio.estate(), bank.trio.cluster(), request(to, loss, overrides));
    }

    public Operation<RoleChangeState> rejoin(String name) {
        return rejoin(name, false);
    }

    public Operation<RoleChangeState> rejoin(String name, boolean loss, String... overrides) {
        RoleChangeRequest request = request(name, loss, overrides);
        row = () -> recordRow(RejoinDecision.TABLE, new RejoinDecision(state(""), request).decision());
        return RejoinOperation.operation(bank.trio.estate(), bank.trio.cluster(), request);
    }

    public void decides(Operation<?> operation, String sentence, String because) {
        Operation.Assessment decided = operation.decide(bank.world);
        row.run();
        assertThat(decided.refusal()).isEmpty();
        assertThat(decided.sentence()).isEqualTo(sentence);
        assertThat(decided.because()).contains(because);
    }

    public void refuses(Operation<?> operation, ExitCode exit, String because, String hint) {
        Operation.Assessment decided = operation.decide(bank.world);
        row.run();
        assertThat(decided.refusal()).as(decided.toString()).isPresent();
        assertThat(decided.refusal().get().exit()).isEqualTo(exit);
        assertThat(decided.refusal().get().what()).contains(because);
        assertThat(decided.refusal().get().hint()).contains(hint);
        bank.world.forget();
        assertThat(bank.run(operation.runbook()).exit()).isEqualTo(exit);
        assertThat(bank.world.changes()).isEmpty();
    }

    public void done(Operation<?> operation) {
        RunbookOutcome outcome = bank.run(operation.runbook());
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.refusals()).isEmpty();
        assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(ExitCode.DONE);
    }

    public void lost(String name) {
        bank.at(name).up = false;
    }
}
