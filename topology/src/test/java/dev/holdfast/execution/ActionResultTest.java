package dev.holdfast.execution;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sentences of results that carry a hint. */
@Tag("unit")
class ActionResultTest {

    @Test
    void the_hint_of_a_missing_secret_is_apart_from_its_sentence() {
        ActionResult missing = ActionResult.withoutSecret("secret a/b: there is no such secret", "copy the secret");
        assertThat(missing.sentence()).isEqualTo("secret a/b: there is no such secret; HINT: copy the secret");
        assertThat(missing.withoutHint()).isEqualTo("secret a/b: there is no such secret");
        assertThat(missing.hint()).isEqualTo("copy the secret");
        assertThat(ActionResult.silent("no answer within 10 ms").withoutHint()).isEqualTo("no answer within 10 ms");
        assertThat(ActionResult.refused("28P01", "no login").withoutHint()).isEqualTo("refused (28P01): no login");
    }
}
