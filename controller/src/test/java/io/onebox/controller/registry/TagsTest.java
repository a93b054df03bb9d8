package io.onebox.controller.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TagsTest {

    @Test
    void areWordsInOrderEachOnce() {
        assertThat(Tags.of(List.of("lte", "fleet-a", "lte")).orElseThrow().words())
                .containsExactly("fleet-a", "lte");
    }

    @Test
    void areSmallWordsThatAListCanHold() {
        for (String word : List.of("", "LTE", "a,b", "a b", "ä", "a".repeat(33))) {
            assertThat(Tags.of(List.of(word))).as(word).isEmpty();
        }
        assertThat(Tags.of(List.of("a".repeat(32)))).isPresent();
    }

    @Test
    void areSixteenAtMost() {
        List<String> words =
                IntStream.rangeClosed(1, Tags.MOST + 1).mapToObj(i -> "tag" + i).toList();

        assertThat(Tags.of(words)).isEmpty();
        assertThat(Tags.of(words.subList(1, words.size()))).isPresent();
        assertThat(Tags.of(Collections.nCopies(100, "one"))).isPresent();
    }
}
