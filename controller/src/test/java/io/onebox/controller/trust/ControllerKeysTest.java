package io.onebox.controller.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.TestDatabase;
import io.onebox.controller.store.Database;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.message.Protocol;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControllerKeysTest {

    private final SecureRandom random = new SecureRandom();

    /// As the enrolment needs it: nodes with clocks of their own, and no memory of what they handed out.
    @Test
    void aNonceSaysHowOldItIsAndOthersSayNothing(@TempDir Path directory) {
        Instant now = Instant.parse("2026-11-26T12:00:00Z");
        try (Database database = Database.open(TestDatabase.create(directory))) {
            database.migrate();
            ControllerKeys keys =
                    ControllerKeys.create(new StateFiles(directory.resolve("state")), database, random, now);
            Bytes agentNonce = Bytes.random(random, Protocol.NONCE_LENGTH);
            Bytes nonce = keys.greet(agentNonce, random, () -> now).nonce();

            assertThat(keys.age(nonce, now.plusSeconds(7))).contains(Duration.ofSeconds(7));
            assertThat(keys.age(nonce, now.minusSeconds(7))).contains(Duration.ofSeconds(-7));
            assertThat(keys.age(agentNonce, now)).isEmpty();
        }
    }
}
