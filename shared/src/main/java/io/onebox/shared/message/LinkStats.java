package io.onebox.shared.message;

import io.onebox.shared.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a link carried over some seconds, and how well. What was not measured is `null`.
///
/// @param name of a client's interface, or of a server's client
/// @param state at the end, as `onebox.status/1` spells it
/// @param rxBitsPerSecond mean
/// @param txBitsPerSecond mean
/// @param rtt round trips
/// @param jitterSeconds mean
/// @param lossRatio mean, from 0 to 1
/// @param use how a client uses it; `null` of a server, and from agents that do not tell
public record LinkStats(
        String name,
        String state,
        double rxBitsPerSecond,
        double txBitsPerSecond,
        @Nullable Rtt rtt,
        @Nullable Double jitterSeconds,
        @Nullable Double lossRatio,
        @Nullable LinkUse use) {

    /// The most links one message may tell of: with names of full length they fill half of the longest message.
    public static final int MAX_LINKS = 120;

    /// The same for links of which [#use] is told.
    public static final int MAX_LINKS_IN_USE = 40;

    private static final Pattern NAME = Pattern.compile("[!-~&&[^/\"\\\\<>]]{1,63}");
    private static final Pattern STATE = Pattern.compile("[a-z]{1,20}");
    private static final double MAX_BITS_PER_SECOND = 1e12;
    private static final double MAX_SECONDS = 60;

    /// Round trips.
    public record Rtt(double minSeconds, double meanSeconds, double maxSeconds) {}

    /// Whether a link may be called so.
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /// Whether a client should be using it, or keeping it ready, and cannot. One that has just come up is given time.
    public boolean isMissed() {
        return use != null
                && !use.paused()
                && !use.role().equals("never")
                && !state.equals("usable")
                && !state.equals("validating");
    }

    /// As messages and the API write it.
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("state", state);
        json.put("rxBitsPerSecond", Math.round(rxBitsPerSecond));
        json.put("txBitsPerSecond", Math.round(txBitsPerSecond));
        json.put("rttMinSeconds", rtt == null ? null : rtt.minSeconds());
        json.put("rttSeconds", rtt == null ? null : rtt.meanSeconds());
        json.put("rttMaxSeconds", rtt == null ? null : rtt.maxSeconds());
        json.put("jitterSeconds", jitterSeconds);
        json.put("lossRatio", lossRatio);
        json.put("use", use == null ? null : use.json());
        return json;
    }

    /// Reads what [#json] wrote; empty if a field has not the right form or a number is out of range.
    public static Optional<LinkStats> parse(JsonObject json) {
        String name = json.textOrDash("name");
        String state = json.textOrDash("state");
        Double rx = json.number("rxBitsPerSecond");
        Double tx = json.number("txBitsPerSecond");
        Double min = json.number("rttMinSeconds");
        Double mean = json.number("rttSeconds");
        Double max = json.number("rttMaxSeconds");
        Double jitter = json.number("jitterSeconds");
        Double loss = json.number("lossRatio");
        boolean isWell = isName(name)
                && STATE.matcher(state).matches()
                && rx != null
                && tx != null
                && isRate(rx)
                && isRate(tx)
                && isWithin(min, MAX_SECONDS)
                && isWithin(mean, MAX_SECONDS)
                && isWithin(max, MAX_SECONDS)
                && isWithin(jitter, MAX_SECONDS)
                && isWithin(loss, 1);
        boolean isUseTold = json.fields().get("use") != null;
        LinkUse use = isUseTold ? LinkUse.parse(json.object("use")).orElse(null) : null;
        if (!isWell || rx == null || tx == null || (isUseTold && use == null)) {
            return Optional.empty();
        }
        Rtt rtt = min == null || mean == null || max == null ? null : new Rtt(min, mean, max);
        return Optional.of(new LinkStats(name, state, rx, tx, rtt, jitter, loss, use));
    }

    static boolean isRate(@Nullable Double bitsPerSecond) {
        return isWithin(bitsPerSecond, MAX_BITS_PER_SECOND);
    }

    /// Neither negative, nor more than that, nor no number at all. What was not measured is well.
    private static boolean isWithin(@Nullable Double value, double most) {
        return value == null || (value >= 0 && value <= most);
    }
}
