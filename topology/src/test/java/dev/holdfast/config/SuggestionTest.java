package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class SuggestionTest {

    private static final List<String> KEYS = List.of("shards", "routers", "replicaSet", "configServers", "mongodb");

    @ParameterizedTest
    @CsvSource({
        "shrads,shards",
        "Routers,routers",
        "router,routers",
        "replicaset,replicaSet",
        "configservers,configServers",
        "config,configServers",
        "mongo,mongodb"
    })
    void a_slip_of_the_pen_is_recognised(String written, String meant) {
        assertThat(Suggestion.to(written, KEYS)).contains(meant);
    }

    @Test
    void a_word_of_its_own_is_not_taken_for_another() {
        assertThat(Suggestion.to("colour", KEYS)).isEmpty();
        assertThat(Suggestion.to("", KEYS)).isEmpty();
        assertThat(Suggestion.to("x".repeat(10_000), KEYS)).isEmpty();
    }
}
