package dev.holdfast.postgres.rolechange;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.state.RoleSuccession;
import dev.holdfast.postgres.state.SyncHistoryEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The stopped members that a failover can start, instead of the promotion of a member that may lack commits.
 *
 * <ol>
 *   <li>Stopped standbys: once they run, they show the end of their WAL.
 *   <li>A former primary that the operator names with {@code --to}: a failover has fenced it, another may be primary too, or
 *       the history names a later one.
 * </ol>
 */
record RestartableMembers(RoleChangeState state, RoleChangeRequest request) {

    private List<MemberState> members() {
        return state.now().members();
    }

    /** Returns stopped standbys that can be started; with {@code --to}, only the named one. */
    List<MemberState> standbys() {
        return members().stream()
                .filter(m -> request.to().map(m.name()::equals).orElse(true))
                .filter(m -> m.isDown() && !m.isOutOfReach() && m.disk().role().equals("standby"))
                .filter(m ->
                        m.disk().fence().isEmpty() && m.disk().brokenRewind().isEmpty())
                .toList();
    }

    String names() {
        return standbys().stream().map(MemberState::name).collect(Collectors.joining(", "));
    }

    /** Returns the former primary that {@code --to} names. */
    Optional<MemberState> former() {
        return request.to()
                .flatMap(state::member)
                .filter(m -> m.isDown() && !m.isOutOfReach() && m.disk().wouldBePrimary())
                .filter(m -> m.disk()
                        .fence()
                        .map(f -> !f.isRestore())
                        .orElse(!rivals(m).isEmpty() || !unseen().isEmpty() || later(m).isPresent()));
    }

    private RoleSuccession succession() {
        return new RoleSuccession(state.history(), state.now().branches());
    }

    /** Returns other members that stopped as primary, apart from those that a failover, or a switchover to this one, has fenced. */
    List<MemberState> rivals(MemberState former) {
        return members().stream()
                .filter(m -> m != former && m.wasPrimary())
                .filter(m -> m.disk()
                        .fence()
                        .map(f ->
                                f.isSwitchover() && !new RoleSuccession(state.history(), Map.of()).isLeftFor(m, former))
                        .orElse(true))
                .toList();
    }

    /** Returns the rivals whose processes exist and do not answer. */
    List<String> hanging(MemberState former) {
        return rivals(former).stream()
                .filter(m -> !m.isDown())
                .map(MemberState::name)
                .toList();
    }

    /** Returns members that may be primary unobserved, because their hosts do not answer. */
    List<String> unseen() {
        return members().stream()
                .filter(MemberState::isOutOfReach)
                .map(MemberState::name)
                .toList();
    }

    /** Returns why another member may hold acknowledged commits that the former primary lacks; empty when none can. */
    Optional<String> overtaken(MemberState former) {
        Optional<MemberState> further = members().stream()
                .filter(m -> m != former && m.hasDatabase() && m.timeline() > former.timeline())
                .filter(m -> !m.wasPrimary() || !succession().isWithoutOwnCommits(m))
                .findFirst();
        if (further.isPresent()) {
            return Optional.of(further.get().name() + " is on timeline "
                    + further.get().timeline() + ", and " + former.name() + " was primary on timeline "
                    + former.timeline() + ": "
                    + (further.get().wasPrimary() ? succession().ownCommits(further.get()) : "later commits")
                    + " would be lost");
        }
        Optional<SyncHistoryEntry> later = later(former);
        if (later.isPresent()) {
            return later.map(l -> "according to the history of " + l.at() + ", " + l.primary()
                    + " was primary on timeline " + l.timeline() + ": later commits would be lost");
        }
        Optional<FenceMark> fence = former.disk().fence();
        if (fence.isEmpty()) {
            Optional<String> silent = promotedUnseen();
            if (silent.isPresent()) {
                return silent;
            }
            boolean isOnRecord = state.history()
                    .filter(l -> l.primary().equals(former.name()) && l.timeline() == former.timeline())
                    .isPresent();
            return isOnRecord
                    ? Optional.empty()
                    : rivals(former).stream()
                            .filter(m -> !succession().isWithoutOwnCommits(m))
                            .findFirst()
                            .map(m -> m.name() + " was also primary when it stopped, on timeline " + m.timeline()
                                    + ", and no history shows which one the clients used last: "
                                    + succession().ownCommits(m) + " would be lost");
        }
        return state.promotedUnseen(former).or(this::promotedUnseen);
    }

    /** Returns the newest history line when it names another primary, on the same or a later timeline. */
    private Optional<SyncHistoryEntry> later(MemberState former) {
        return state.history().filter(l -> !l.primary().equals(former.name()) && l.timeline() >= former.timeline());
    }

    /** The history on reachable hosts does not show a manual promotion on another host. */
    private Optional<String> promotedUnseen() {
        return unseen().stream()
                .findFirst()
                .map(name -> "the host of " + name + " does not answer, so " + name
                        + " can have been primary since: its " + "commits would be lost");
    }

    /** Bounds the loss: a primary that a failover has fenced has every commit that was acknowledged before its fence. */
    static String mostLost(MemberState former) {
        return former.disk()
                .fence()
                .filter(f -> !f.to().isEmpty() && !f.at().isEmpty())
                .map(f -> "what was committed after " + f.at() + ", when " + former.name() + " was fenced")
                .orElse("an unknown number of commits");
    }
}
