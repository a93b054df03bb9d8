package io.onebox.agent.dataplane;

import io.onebox.engine.session.LinkConfig;

/// A link and the socket to open for it.
///
/// @param link as the engine sees it
/// @param boundInterface interface all datagrams come from and leave by, or empty for any
/// @param localPort UDP port to listen on, or 0 for any
/// @param fwmark mark of its packets for policy routing, or 0 for none
public record LinkSocketConfig(LinkConfig link, String boundInterface, int localPort, int fwmark) {

    public LinkSocketConfig {
        if (localPort < 0 || localPort > 0xffff) {
            throw new IllegalArgumentException("port must be 0..65535, was " + localPort);
        }
    }
}
