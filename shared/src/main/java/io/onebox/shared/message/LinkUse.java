package io.onebox.shared.message;

import io.onebox.shared.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a client uses one of its links, and why it does not. What is not known or not limited is `null`.
///
/// @param role `always`, `secondary`, `backup` or `never`
/// @param limits set by whoever configured the link
/// @param capacities as they were measured
/// @param address it sends from
/// @param reasonUnused why it carries nothing, or `null` if it does
public record LinkUse(
        String role,
        boolean metered,
        boolean paused,
        Rates limits,
        Rates capacities,
        @Nullable String address,
        @Nullable String reasonUnused) {

    private static final Pattern ROLE = Pattern.compile("[a-z]{1,20}");
    private static final int MAX_ADDRESS = 64;
    private static final int MAX_REASON = 200;

    /// Bits per second in both directions.
    public record Rates(@Nullable Double up, @Nullable Double down) {
        private boolean isWell() {
            return LinkStats.isRate(up) && LinkStats.isRate(down);
        }
    }

    /// As messages and the API write it.
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("role", role);
        json.put("metered", metered);
        json.put("paused", paused);
        json.put("uploadLimitBitsPerSecond", whole(limits.up()));
        json.put("downloadLimitBitsPerSecond", whole(limits.down()));
        json.put("capacityTxBitsPerSecond", whole(capacities.up()));
        json.put("capacityRxBitsPerSecond", whole(capacities.down()));
        json.put("address", address);
        json.put("reasonUnused", reasonUnused);
        return json;
    }

    private static @Nullable Long whole(@Nullable Double rate) {
        return rate == null ? null : (Long) Math.round(rate);
    }

    /// What the status of an agent says of a link, which has the same fields and more; empty for what is no client's.
    public static Optional<LinkUse> ofStatus(JsonObject link) {
        String reason = link.text("reasonUnused");
        String shortened = reason == null || reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
        return link.text("role") == null ? Optional.empty() : Optional.of(read(link, shortened));
    }

    /// Reads what [#json] wrote; empty if a field has not the right form.
    static Optional<LinkUse> parse(JsonObject json) {
        LinkUse use = read(json, json.text("reasonUnused"));
        boolean isWell = ROLE.matcher(use.role).matches()
                && use.limits.isWell()
                && use.capacities.isWell()
                && (use.address == null || use.address.length() <= MAX_ADDRESS)
                && (use.reasonUnused == null || use.reasonUnused.length() <= MAX_REASON);
        return isWell ? Optional.of(use) : Optional.empty();
    }

    private static LinkUse read(JsonObject json, @Nullable String reason) {
        return new LinkUse(
                json.textOrDash("role"),
                json.isTrue("metered"),
                json.isTrue("paused"),
                new Rates(json.number("uploadLimitBitsPerSecond"), json.number("downloadLimitBitsPerSecond")),
                new Rates(json.number("capacityTxBitsPerSecond"), json.number("capacityRxBitsPerSecond")),
                json.text("address"),
                reason);
    }
}
