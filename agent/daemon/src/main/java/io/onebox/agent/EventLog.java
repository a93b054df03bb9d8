package io.onebox.agent;

import io.onebox.agent.status.EndpointText;
import io.onebox.engine.path.PathState;
import io.onebox.engine.session.SessionEvent;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Writes what happens to sessions into the log, a line a transition.
final class EventLog {

    private static final Logger log = LoggerFactory.getLogger(EventLog.class);

    private final Function<String, String> nameOfPeer;
    private final IntFunction<String> nameOfLink;

    /// @param nameOfPeer from its public key
    /// @param nameOfLink from its id
    EventLog(Function<String, String> nameOfPeer, IntFunction<String> nameOfLink) {
        this.nameOfPeer = nameOfPeer;
        this.nameOfLink = nameOfLink;
    }

    void write(SessionEvent event) {
        String peer = nameOfPeer.apply(event.peer().toString());
        switch (event) {
            case SessionEvent.PathChanged changed ->
                log.atLevel(changed.to() == PathState.DOWN ? Level.WARN : Level.INFO)
                        .addKeyValue("peer", peer)
                        .addKeyValue("link", nameOfLink.apply(changed.link()))
                        .addKeyValue("path", changed.pathId())
                        .addKeyValue("from", word(changed.from()))
                        .addKeyValue("reason", changed.reason())
                        .log("path " + word(changed.to()));
            case SessionEvent.HandshakeCompleted done ->
                log.atDebug()
                        .addKeyValue("peer", peer)
                        .addKeyValue("link", nameOfLink.apply(done.link()))
                        .addKeyValue("path", done.pathId())
                        .log("handshake completed");
            case SessionEvent.Roamed roamed ->
                log.atInfo()
                        .addKeyValue("peer", peer)
                        .addKeyValue("path", roamed.pathId())
                        .addKeyValue("from", EndpointText.of(roamed.from()))
                        .addKeyValue("to", EndpointText.of(roamed.to()))
                        .log("peer has another address");
            case SessionEvent.PeerRestarted _ ->
                log.atInfo().addKeyValue("peer", peer).log("peer restarted");
            case SessionEvent.PeerClosed _ ->
                log.atInfo().addKeyValue("peer", peer).log("peer said goodbye");
            case SessionEvent.MtuChanged changed ->
                log.atInfo()
                        .addKeyValue("peer", peer)
                        .addKeyValue("mtu", changed.mtuBytes())
                        .log("tunnel MTU changed");
        }
    }

    private static String word(PathState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
