package io.onebox.engine.session;

import io.onebox.engine.path.LinkSettings;

/// A local link as the engine sees it. A server has one, its listening socket; a client one an uplink.
///
/// @param id chosen by the caller, unique while the link exists, `0..255`
/// @param name for people, such as `wwan0`
/// @param settings how it may be used
/// @param ipv4 whether it can reach IPv4 endpoints
/// @param ipv6 whether it can reach IPv6 endpoints
/// @param mtuBytes largest IP packet the interface takes
public record LinkConfig(int id, String name, LinkSettings settings, boolean ipv4, boolean ipv6, int mtuBytes) {

    public LinkConfig {
        if (id < 0 || id > 255) {
            throw new IllegalArgumentException("link id must be 0..255, was " + id);
        }
    }
}
