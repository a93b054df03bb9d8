package io.onebox.agent.link;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Asks for the addresses of a name. May wait for seconds: not for event loops.
@FunctionalInterface
public interface NameLookup {

    /// All addresses, at least one.
    ///
    /// @throws UnknownHostException if nobody knows, or nobody answers; its message says which
    List<InetAddress> lookUp(String host) throws UnknownHostException;

    /// The lookup of this machine: `/etc/hosts` and the name servers of `/etc/resolv.conf`, by way of the C library.
    static NameLookup ofThisMachine() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
