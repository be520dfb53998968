package dev.holdfast.postgres.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is derived from the rows of one server. */
@Tag("unit")
class ServerStateTest {

    private static ServerState waiting(String seconds) {
        return new ServerState(Map.of("archiver", Map.of("", Map.of("ready", "1", "waited", seconds))));
    }

    @Test
    void archiving_stalls_when_one_segment_waits_longer_than_many_need() {
        assertThat(waiting("60").isArchivingStalled()).isFalse();
        assertThat(waiting("61").isArchivingStalled()).isTrue();
        assertThat(waiting("61").archiveWait()).isEqualTo(Duration.ofSeconds(61));
        assertThat(ServerState.NEW.isArchivingStalled()).isFalse();
    }
}
