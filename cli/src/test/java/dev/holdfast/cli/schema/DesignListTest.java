package dev.holdfast.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The reader of the design document's list misses nothing of it. */
@Tag("unit")
class DesignListTest {

    private final DesignList list = DesignList.read();

    @Test
    void seventeen_entities_with_all_that_is_written_of_them() {
        assertThat(list.entities()).hasSize(17);
        assertThat(list.entities().stream().mapToInt(e -> e.references().size()).sum())
                .isEqualTo(23);
        assertThat(list.entities().stream().mapToInt(e -> e.uniques().size()).sum())
                .isEqualTo(8);
        assertThat(list.entities().stream().mapToInt(e -> e.enums().size()).sum())
                .isEqualTo(12);
        assertThat(list.entities().stream().mapToInt(e -> e.indexes().size()).sum())
                .isEqualTo(24);
        assertThat(list.entities().get(2).indexes().get(2).kind()).isEqualTo("geo");
        assertThat(list.entities().get(4).indexes().get(0).descending()).containsExactly(false, true);
    }
}
