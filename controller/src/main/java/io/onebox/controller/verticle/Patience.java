package io.onebox.controller.verticle;

import java.time.Duration;

/// How long the port waits for whom.
///
/// @param beginning for the TLS handshake, then for a first request, then for an agent to prove itself
/// @param body from the head of a request to its end
/// @param silence for the next byte; and from the end of a request to the head of the next one, the answer included
/// @param ping how often consoles are asked whether they are there, which they say by themselves
public record Patience(Duration beginning, Duration body, Duration silence, Duration ping) {

    /// When a whole fleet comes back at once, the processor is what is slow: who is cut off then has to begin again,
    /// and the work done for it was for nothing. A guess, as is the body: 1 MiB, the longest there may be, at 140
    /// kbit/s. An agent pings every 20 seconds, so silence is three of its pings lost, and some.
    public static final Patience USUAL = new Patience(
            Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(75), Duration.ofSeconds(20));
}
