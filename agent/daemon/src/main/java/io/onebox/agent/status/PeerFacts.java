package io.onebox.agent.status;

import java.util.List;

/// A configured peer.
///
/// @param publicKey in base64
/// @param addresses inner prefixes that belong to it
public record PeerFacts(String name, String publicKey, List<String> addresses) {
    public PeerFacts {
        addresses = List.copyOf(addresses);
    }
}
