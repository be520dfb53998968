package dev.holdfast.postgres.provision;

import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.configuration.ConfigurationDiff;
import dev.holdfast.postgres.probe.SettingsTrial;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ServerState;
import java.util.ArrayList;
import java.util.List;

/** The precondition that every server can start with the declared settings: {@link SettingsTrial}. */
final class SettingsCheck {

    private final SettingsTrial trial;

    SettingsCheck(SettingsTrial trial) {
        this.trial = trial;
    }

    /** Returns refusals for settings with which a server would not start, or which a running server rejects. */
    List<Refusal> refusals(PostgresState state) {
        List<Refusal> refusals = new ArrayList<>();
        for (MemberState member : state.members()) {
            ServerState server = member.server();
            boolean isRead = !trial.isNew(member)
                    && !ConfigurationPlanner.isUnread(member)
                    && server.altered().isEmpty();
            if (server.refusedSettings().isPresent()) {
                refusals.add(refusal(
                        member,
                        "with the declared settings the server would not start: "
                                + server.refusedSettings().get()));
            } else if (member.isUp() && isRead && !server.wrong().isEmpty()) {
                refusals.add(refusal(
                        member,
                        "the server rejects its declared configuration: "
                                + ConfigurationDiff.description(server.wrong())));
            }
        }
        return refusals;
    }

    private static Refusal refusal(MemberState member, String what) {
        return new Refusal(
                member.node().id(),
                what,
                "correct the settings in the topology, or provide the files that they name on "
                        + member.node().host().name() + "; then run holdfast plan");
    }
}
