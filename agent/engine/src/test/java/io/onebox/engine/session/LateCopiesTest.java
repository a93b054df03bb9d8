package io.onebox.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.engine.path.Path;
import io.onebox.engine.path.TestPaths;
import org.junit.jupiter.api.Test;

class LateCopiesTest {

    private static final long MS = 1_000_000;

    private final Path path = new TestPaths().path(0);
    private final LateCopies late = new LateCopies();

    @Test
    void eachIsDueAMillisecondAfterItsFirst() {
        assertThat(late.dueNs()).isEqualTo(Long.MAX_VALUE);

        late.add(7, path, 5 * MS);
        late.add(8, path, 6 * MS);

        assertThat(late.dueNs()).isEqualTo(6 * MS);
        assertThat(late.path()).isSameAs(path);
        assertThat(late.poll()).isEqualTo(7);
        assertThat(late.dueNs()).isEqualTo(7 * MS);
        assertThat(late.poll()).isEqualTo(8);
        assertThat(late.dueNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theOldestIsForgottenWhenThereAreTooMany() {
        for (int i = 0; i < 100; i++) {
            late.add(i, path, i);
        }

        assertThat(late.poll()).isEqualTo(36);
        for (int i = 37; i < 100; i++) {
            assertThat(late.poll()).isEqualTo(i);
        }
        assertThat(late.dueNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void clearForgetsAll() {
        late.add(7, path, 0);
        late.clear();

        assertThat(late.dueNs()).isEqualTo(Long.MAX_VALUE);
    }
}
