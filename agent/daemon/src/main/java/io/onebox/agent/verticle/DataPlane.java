package io.onebox.agent.verticle;

import io.onebox.agent.dataplane.DataPlaneSnapshot;
import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.LinkConfig;
import io.onebox.engine.session.PeerConfig;
import io.onebox.engine.session.SessionEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.function.Consumer;

/// What the rest of the agent may ask of the data plane, from any thread. Each request is a command that runs
/// between two turns of its loop; results are immutable.
///
/// Peers and links are what *should* be: put while the data plane is down, they are there when it comes up.
public interface DataPlane {

    /// Adds a peer, or changes the one with the same public key without dropping its session.
    Future<Void> putPeer(PeerConfig peer);

    /// Says goodbye to a peer and forgets it.
    Future<Void> removePeer(PublicKey peer);

    /// Opens the socket of a link and adds the link. A socket of an earlier link with the same id is closed.
    ///
    /// Fails with a `LinuxException` if the interface is gone, the port busy or a right missing; the link is
    /// not there then.
    Future<Void> openLink(LinkSocketConfig link);

    /// Removes a link, and closes its socket.
    Future<Void> closeLink(int link);

    /// Changes what an open link can do, such as its MTU or that it has IPv6; its socket stays.
    Future<Void> updateLink(LinkConfig link);

    /// Changes how an open link may be used.
    Future<Void> changeLink(int link, LinkSettings settings);

    /// Calls `handler` on `context` for every event, from the next on. At any time.
    void onEvent(Context context, Consumer<SessionEvent> handler);

    /// Everything as it is.
    Future<DataPlaneSnapshot> snapshot();

    /// Sets the MTU of the TUN device.
    Future<Void> mtu(int mtuBytes);

    /// Lets traffic flow, with the peers and links there are. Done already after deployment.
    Future<Void> up();

    /// Says goodbye to all peers and closes all sockets. The TUN device stays.
    Future<Void> down();

    /// Succeeds when the data plane has stopped in order, fails when it broke: then the process should end.
    Future<Void> stopped();
}
