package io.onebox.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeypairsTest {

    private final Keypairs keypairs = new Keypairs();
    private final List<Integer> gone = new ArrayList<>();

    private static Keypair keypair(int index) {
        Aead.Factory aead = JceAead.factory();
        var key = new byte[Aead.KEY_LENGTH];
        return new Keypair(new HandshakeIndices(index, -index, true), 0, aead.create(key), aead.create(key));
    }

    private void evicted(Keypair keypair) {
        gone.add(keypair.localIndex());
    }

    @Test
    void theInitiatorUsesItsKeypairAtOnce() {
        keypairs.onInitiatorKeypair(keypair(1), this::evicted);
        keypairs.onInitiatorKeypair(keypair(2), this::evicted);
        assertThat(indices()).containsExactly(1, 2, null);
        assertThat(gone).isEmpty();

        keypairs.onInitiatorKeypair(keypair(3), this::evicted);
        assertThat(indices()).containsExactly(2, 3, null);
        assertThat(gone).containsExactly(1);
    }

    @Test
    void theResponderWaitsForTheInitiator() {
        Keypair first = keypair(1);
        keypairs.onResponderKeypair(first, this::evicted);
        assertThat(indices()).containsExactly(null, null, 1);

        assertThat(keypairs.onAuthenticated(first, this::evicted)).isTrue();
        assertThat(indices()).containsExactly(null, 1, null);
        assertThat(keypairs.onAuthenticated(first, this::evicted)).isFalse();
    }

    @Test
    void aSecondResponseReplacesTheFirst() {
        Keypair old = keypair(1);
        keypairs.onResponderKeypair(old, this::evicted);
        keypairs.onAuthenticated(old, this::evicted);
        keypairs.onResponderKeypair(keypair(2), this::evicted);
        keypairs.onResponderKeypair(keypair(3), this::evicted);

        assertThat(indices()).containsExactly(null, 1, 3);
        assertThat(gone).containsExactly(2);
        assertThat(keypairs.onAuthenticated(old, this::evicted)).isFalse();
    }

    @Test
    void aNewResponseForgetsThePreviousKeypair() {
        keypairs.onInitiatorKeypair(keypair(1), this::evicted);
        keypairs.onInitiatorKeypair(keypair(2), this::evicted);
        keypairs.onResponderKeypair(keypair(3), this::evicted);

        assertThat(indices()).containsExactly(null, 2, 3);
        assertThat(gone).containsExactly(1);
    }

    @Test
    void whatWaitsForTheInitiatorIsKeptWhenBothBegin() {
        keypairs.onInitiatorKeypair(keypair(1), this::evicted);
        keypairs.onResponderKeypair(keypair(2), this::evicted);
        keypairs.onInitiatorKeypair(keypair(3), this::evicted);

        assertThat(indices()).containsExactly(2, 3, null);
        assertThat(gone).containsExactly(1);
    }

    @Test
    void clearingForgetsAll() {
        keypairs.onInitiatorKeypair(keypair(1), this::evicted);
        keypairs.onInitiatorKeypair(keypair(2), this::evicted);
        keypairs.onResponderKeypair(keypair(3), this::evicted);
        gone.clear();

        keypairs.clear(this::evicted);

        assertThat(gone).containsExactlyInAnyOrder(2, 3);
        assertThat(indices()).containsExactly(null, null, null);
    }

    /// Nothing is lost and nothing leaks: what came in is here, or was reported gone once.
    @Seeded
    void everyKeypairIsHereOrGoneOnce(RandomGenerator random) {
        Set<Integer> expected = new HashSet<>();
        for (int i = 1; i <= 100; i++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    keypairs.onInitiatorKeypair(keypair(i), this::evicted);
                    expected.add(i);
                }
                case 3, 4, 5 -> {
                    keypairs.onResponderKeypair(keypair(i), this::evicted);
                    expected.add(i);
                }
                case 6 -> authenticate();
                default -> keypairs.clear(this::evicted);
            }
            List<Integer> accounted = new ArrayList<>(gone);
            accounted.addAll(indices().stream().filter(Objects::nonNull).toList());
            assertThat(accounted).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private void authenticate() {
        Keypair next = keypairs.next();
        if (next != null) {
            keypairs.onAuthenticated(next, this::evicted);
        }
    }

    @Test
    void countersAreGivenOnce() {
        Keypair keypair = keypair(1);

        assertThat(keypair.counter()).isZero();
        assertThat(keypair.nextCounter()).isZero();
        assertThat(keypair.nextCounter()).isEqualTo(1);
        assertThat(keypair.counter()).isEqualTo(2);
    }

    private List<@Nullable Integer> indices() {
        return Stream.<@Nullable Keypair>of(keypairs.previous(), keypairs.current(), keypairs.next())
                .map(keypair -> keypair == null ? null : keypair.localIndex())
                .toList();
    }
}
