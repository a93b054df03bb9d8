package io.onebox.controller.auth;

import io.onebox.controller.trust.Argon2id;
import io.onebox.shared.identity.Bytes;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Argon2id (RFC 9106) with the parameters that OWASP recommends: 19 MiB, two passes. At most two at a time, so that
/// logins cannot fill the memory. Blocks.
public final class Passwords {

    /// Fewest characters of a password.
    public static final int MIN_LENGTH = 12;

    private static final int MAX_LENGTH = 200;
    private static final Argon2id ARGON2ID = new Argon2id(19 * 1024, 2);
    private static final int AT_A_TIME = 2;
    private static final long PATIENCE_SECONDS = 3;
    private static final Pattern FORM =
            Pattern.compile("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    private final SecureRandom random;
    private final Semaphore turns = new Semaphore(AT_A_TIME, true);
    private final String nobody;

    public Passwords(SecureRandom random) {
        this.random = random;
        this.nobody = hash(Bytes.random(random, Argon2id.LENGTH).toString());
    }

    /// Too many at once.
    public static final class BusyException extends RuntimeException {
        BusyException() {
            super("too many logins at once; try again in a few seconds");
        }
    }

    /// What is wrong with a new password; empty if nothing is.
    public static Optional<String> problem(String password) {
        return password.length() >= MIN_LENGTH && password.length() <= MAX_LENGTH
                ? Optional.empty()
                : Optional.of("a password has %d to %d characters".formatted(MIN_LENGTH, MAX_LENGTH));
    }

    /// A hash to keep.
    public String hash(String password) {
        byte[] salt = Bytes.random(random, Argon2id.SALT_LENGTH).array();
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
                .formatted(
                        ARGON2ID.memoryKib(),
                        ARGON2ID.passes(),
                        base64.encodeToString(salt),
                        base64.encodeToString(derive(password, salt).array()));
    }

    /// Whether this password has this hash. Without a hash it takes as long, and is never right.
    public boolean isRight(String password, Optional<String> hash) {
        Matcher matcher = FORM.matcher(hash.orElse(nobody));
        if (!matcher.matches() || password.length() > MAX_LENGTH) {
            return false;
        }
        byte[] salt = Base64.getDecoder().decode(matcher.group(1));
        Bytes expected = Bytes.of(Base64.getDecoder().decode(matcher.group(2)));
        return derive(password, salt).equals(expected) && hash.isPresent();
    }

    private Bytes derive(String password, byte[] salt) {
        try {
            if (!turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new BusyException();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new BusyException();
        }
        try {
            return ARGON2ID.derive(password, salt);
        } finally {
            turns.release();
        }
    }
}
