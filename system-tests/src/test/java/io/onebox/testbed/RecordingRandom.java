package io.onebox.testbed;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;

/// Chance that remembers each key drawn from it, so that an independent tool can decrypt what a test sent. The
/// only place where ephemeral keys of the engine are ever seen: the agent has no way to export them.
final class RecordingRandom implements RandomGenerator {

    private static final int KEY_LENGTH = 32;

    private final SecureRandom random = new SecureRandom();
    private final List<String> keys = new ArrayList<>();

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    @Override
    public void nextBytes(byte[] bytes) {
        random.nextBytes(bytes);
        if (bytes.length == KEY_LENGTH) {
            keys.add(Base64.getEncoder().encodeToString(bytes));
        }
    }

    /// All strings of 32 bytes drawn so far, in base64.
    List<String> keys() {
        return List.copyOf(keys);
    }
}
