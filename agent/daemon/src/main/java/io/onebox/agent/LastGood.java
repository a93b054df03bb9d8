package io.onebox.agent;

import io.onebox.agent.control.ControlFiles;
import io.onebox.agent.control.ControlFiles.Enrolment;
import io.onebox.shared.message.SignedConfig;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The configuration that has worked: the agent goes back to it, and begins with it after a restart.
final class LastGood {

    /// When to try again what could not be written. A guess.
    static final Duration AGAIN = Duration.ofSeconds(2);

    private final ControlFiles files;
    private @Nullable SignedConfig config;

    LastGood(ControlFiles files) {
        this.files = files;
    }

    /// What the disk has of it.
    Optional<SignedConfig> read(Enrolment enrolment) {
        Optional<SignedConfig> read = files.lastGood(enrolment);
        config = read.orElse(null);
        return read;
    }

    /// What works; `null` before anything has.
    @Nullable
    SignedConfig config() {
        return config;
    }

    /// Keeps another.
    ///
    /// @return why it cannot be written, such as on a full disk; then the disk still has the one before
    Optional<String> keep(SignedConfig next) {
        try {
            files.good(next, Optional.ofNullable(config));
            config = next;
            return Optional.empty();
        } catch (UncheckedIOException e) {
            return Optional.of("in use, but a restart would lose it, as it could not be written: "
                    + Objects.requireNonNull(e.getCause()).getMessage());
        }
    }
}
