package io.onebox.engine.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// [IndexTable] and [Paths].
class IndexTableTest {

    private final TestPaths paths = new TestPaths();

    @Seeded(runs = 50)
    void doesWhatAHashMapWouldDo(RandomGenerator random) {
        var table = new IndexTable(random, Shard.ONLY);
        Map<Integer, Path> model = new HashMap<>();
        List<Integer> given = new ArrayList<>();
        Path path = paths.path(1);
        Path other = paths.path(2);
        for (int i = 0; i < 1_000; i++) {
            if (random.nextInt(5) < 3) {
                Path added = random.nextBoolean() ? path : other;
                int index = table.add(added);
                assertThat(model.put(index, added)).isNull();
                given.add(index);
            } else if (!given.isEmpty()) {
                int index = random.nextInt(10) == 0
                        ? random.nextInt()
                        : given.remove(/* index */ random.nextInt(given.size()));
                table.remove(index);
                model.remove(index);
            }
            assertThat(table.count()).isEqualTo(model.size());
        }
        for (int index : model.keySet()) {
            assertThat(table.get(index)).isSameAs(model.get(index));
        }
        assertThat(table.get(random.nextInt())).isNull();
    }

    @Test
    void aSessionHasSixteenPathsAtMost() {
        var sixteen = new Paths();
        for (int id = 0; id < Paths.MOST; id++) {
            assertThat(sixteen.add(paths.path(id))).isTrue();
        }
        assertThat(sixteen.add(paths.path(16))).isFalse();

        sixteen.remove(sixteen.byId(3));
        assertThat(sixteen.byId(3)).isNull();
        assertThat(sixteen.count()).isEqualTo(15);
        assertThat(sixteen.add(paths.path(16))).isTrue();
        assertThat(sixteen.get(15).id()).isEqualTo(16);
    }
}
