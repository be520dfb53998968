package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.mongodb.LostCluster;
import dev.holdfast.cli.postgres.LostTrio;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every directory and the operator's state are deleted; from the repository alone write n is there and n+1 is not. */
@Tag("long")
class BareMetalTest {

    private static String[] restore(String cluster, String moment) {
        return new String[] {
            "restore", cluster, "--to", moment, "--into", "in-place", "--accept-data-loss", "--yes", "--timeout", "30m"
        };
    }

    private static void well(Ended ended) {
        assertThat(ended.exit()).as(ended.toString()).isZero();
    }

    private static void isAsDeclared(RealEstate estate) {
        well(estate.run("apply", "--yes"));
        Ended plan = estate.run("plan", "--detailed-exitcode");
        well(plan);
        assertThat(plan.out()).contains("nothing to do");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_trio_with_an_encrypted_repository_comes_back(boolean isApart) throws Exception {
        try (LostTrio lost = new LostTrio(isApart)) {
            well(lost.estate().run(restore("payments", lost.moment())));
            isAsDeclared(lost.estate());
            lost.holds();
        }
    }

    /** The new, empty repository of the new cluster does not hide the old one. */
    @Test
    void a_trio_to_which_apply_was_done_first_comes_back_too() throws Exception {
        try (LostTrio lost = new LostTrio(false)) {
            well(lost.estate().run("apply", "--yes"));
            Ended hidden = lost.estate().run(restore("payments", lost.moment()));
            assertThat(hidden.exit()).as(hidden.toString()).isEqualTo(4);
            assertThat(hidden.err()).contains("--system " + lost.system());
            String[] order = restore("payments", lost.moment());
            String[] named = java.util.Arrays.copyOf(order, order.length + 2);
            named[order.length] = "--system";
            named[order.length + 1] = lost.system();
            well(lost.estate().run(named));
            isAsDeclared(lost.estate());
            lost.holds();
        }
    }

    @Test
    void a_sharded_cluster_comes_back() throws Exception {
        try (LostCluster lost = new LostCluster()) {
            well(lost.estate().run(restore("social", lost.moment())));
            lost.archive();
            isAsDeclared(lost.estate());
            lost.holds();
        }
    }
}
