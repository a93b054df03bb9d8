package io.onebox.engine.path;

/// How a link may be used. Travels to the peer, so that both directions honour it.
///
/// @param role when the link carries data
/// @param metered whether every byte costs: an idle metered link is probed every 25 s only
/// @param uploadBytesPerSecond upper bound of the rate we send at, or 0 for none
/// @param downloadBytesPerSecond upper bound of the rate the peer sends at, or 0 for none
/// @param paused whether the user took the link out of use for the time being
public record LinkSettings(
        LinkRole role, boolean metered, long uploadBytesPerSecond, long downloadBytesPerSecond, boolean paused) {

    /// A link without limits.
    public static final LinkSettings DEFAULT = new LinkSettings(LinkRole.ALWAYS, false, 0, 0, false);

    public LinkSettings {
        if (uploadBytesPerSecond < 0 || downloadBytesPerSecond < 0) {
            throw new IllegalArgumentException("a rate cannot be negative");
        }
    }
}
