package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import java.util.List;
import java.util.Optional;

/**
 * The archiving state of a member, as its host reports it: {@code postgres/archive-look.sh}.
 *
 * @param system the system identifier of its database
 * @param isConfigured whether its pgbackrest.conf is as desired
 * @param hasStanza whether it reaches the repository of its system, with a stanza
 * @param isIn whether segments of its newest timeline are in the repository
 * @param isKept whether the configuration on the repository host is as desired; true where that is the member's host
 * @param isGone whether the directory of the repository is missing
 * @param control its control file as text, where a repository on a separate host has no stanza yet; otherwise empty
 * @param trouble why it gave no answer, or why it cannot archive; empty when it can
 * @param failed the last archiving error in its server log; empty when there is none
 * @param waiting the first segment that waits to be archived
 * @param foreign archived files of another server on the timeline of this primary, in order; empty when none is proven
 * @param lacking the answer about a secret that is not known here, while the repository exists; empty otherwise
 * @param isUnknown whether its host or the repository host did not answer: what is missing above is then unknown, not absent
 */
public record ArchivingState(
        String system,
        boolean isConfigured,
        boolean hasStanza,
        boolean isIn,
        boolean isKept,
        boolean isGone,
        String control,
        String trouble,
        String failed,
        Waiting waiting,
        List<String> foreign,
        Optional<ActionResult> lacking,
        boolean isUnknown) {

    /** The length of the name of a segment. */
    private static final int SEGMENT = 24;

    /** {@code postgres/archive-look.sh}. */
    public static final ScriptFormat LOOK = new ScriptFormat(
            "postgres/archive-look.sh",
            System.class,
            Configured.class,
            Stanza.class,
            Gone.class,
            Arrived.class,
            Trouble.class,
            Failed.class,
            Waiting.class,
            Foreign.class,
            Control.class);

    /** {@code postgres/repository-configured.sh}. */
    public static final ScriptFormat CONFIGURED = new ScriptFormat("postgres/repository-configured.sh", Kept.class);

    /** The answer for a repository on the member's own host, which needs no configuration of its own. */
    public static final ScriptAnswer OWN = new ScriptAnswer(ActionResult.ok(""), List.of(new Kept()));

    private record System(String id) {}

    private record Configured() {}

    private record Stanza() {}

    private record Gone() {}

    private record Arrived() {}

    private record Trouble(String reason) {}

    private record Failed(String message) {}

    /**
     * A segment that waits to be archived.
     *
     * @param segment its name; empty when none waits
     * @param other "yes" when the repository has another file of this name
     */
    public record Waiting(String segment, String other) {

        public static final Waiting NONE = new Waiting("", "no");

        /** Returns whether pgBackRest refuses it, because the repository has another file of this name. */
        public boolean isConflict() {
            return other.equals("yes");
        }
    }

    private record Foreign(String name) {}

    private record Control(String content) {}

    private record Kept() {}

    public static final ArchivingState NOTHING = new ArchivingState(
            "", false, false, false, false, false, "", "", "", Waiting.NONE, List.of(), Optional.empty(), false);

    /** @param kept the answer of the repository host about its configuration; {@link #OWN} where that is the member's own */
    public static ArchivingState of(ScriptAnswer answer, ScriptAnswer kept) {
        String trouble = answer.first(Trouble.class, t -> true)
                .map(t -> t.reason().strip())
                .orElse("");
        return new ArchivingState(
                        answer.first(System.class, s -> true).map(System::id).orElse(""),
                        !answer.all(Configured.class).isEmpty(),
                        !answer.all(Stanza.class).isEmpty(),
                        !answer.all(Arrived.class).isEmpty(),
                        isKept(kept),
                        !answer.all(Gone.class).isEmpty(),
                        answer.first(Control.class, c -> true)
                                .map(Control::content)
                                .orElse(""),
                        !answer.isOk() ? answer.sentence() : kept.result().isSilent() ? kept.sentence() : trouble,
                        answer.first(Failed.class, f -> true)
                                .map(f -> f.message().strip())
                                .orElse(""),
                        answer.first(Waiting.class, w -> true).orElse(Waiting.NONE),
                        answer.all(Foreign.class).stream().map(Foreign::name).toList(),
                        Optional.empty(),
                        answer.result().isSilent() || kept.result().isSilent())
                .lacking(kept.result());
    }

    /**
     * Returns the same when a secret of the desired configuration is not known here. An existing repository then stays as it
     * is: a new passphrase would not read it.
     */
    public ArchivingState lacking(ActionResult answer) {
        if (!answer.isRefused(ActionResult.NO_SECRET) || !hasStanza) {
            return this;
        }
        return new ArchivingState(
                system,
                isConfigured,
                hasStanza,
                isIn,
                isKept,
                isGone,
                control,
                answer.reason(),
                failed,
                waiting,
                foreign,
                Optional.of(answer),
                true);
    }

    /** Returns why the server cannot archive; empty when nothing shows it. */
    public String cause() {
        if (!waiting.isConflict()) {
            return trouble.isEmpty() ? failed : trouble;
        }
        return "the repository has " + (isForeign() ? "WAL of another server" : "other WAL") + " under this name"
                + (failed.isEmpty() ? "" : " (" + failed + ")");
    }

    /** Returns whether the repository has WAL of another server that was promoted to the timeline of this primary. */
    public boolean isForeign() {
        return !foreign.isEmpty();
    }

    /** Returns the first segment of another server. */
    public String firstForeign() {
        return foreign.get(0).substring(0, SEGMENT);
    }

    /** Returns whether the configuration on the repository host is as desired. */
    public static boolean isKept(ScriptAnswer answer) {
        return !answer.all(Kept.class).isEmpty();
    }
}
