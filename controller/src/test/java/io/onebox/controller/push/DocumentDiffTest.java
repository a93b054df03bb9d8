package io.onebox.controller.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.push.DocumentDiff.Change;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Items of lists are told apart by what they are called.
class DocumentDiffTest {

    @Test
    void linksGoByTheirInterface() {
        String before = "{\"link\":[{\"interface\":\"wan0\",\"role\":\"always\"},"
                + "{\"interface\":\"wwan0\",\"role\":\"always\"}]}";
        String after = "{\"link\":[{\"interface\":\"wan0\",\"role\":\"backup\"},"
                + "{\"interface\":\"wwan0\",\"role\":\"always\"}]}";

        assertThat(DocumentDiff.between(before, after))
                .containsExactly(new Change("link[wan0].role", Optional.of("\"always\""), Optional.of("\"backup\"")));
    }

    @Test
    void aClientThatGoesDoesNotMoveTheOthers() {
        String before = "{\"client\":[{\"name\":\"bus\",\"key\":1},{\"name\":\"van\",\"key\":2}]}";
        String after = "{\"client\":[{\"name\":\"van\",\"key\":2}]}";

        assertThat(DocumentDiff.between(before, after))
                .extracting(Change::path)
                .containsExactly("client[bus].key", "client[bus].name");
    }
}
