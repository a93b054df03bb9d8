package io.onebox.agent.status;

import io.onebox.engine.packet.Endpoint;
import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.stats.PathSnapshot;
import io.onebox.engine.stats.SessionSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Agents in well-known states, for tests of what is said about them.
public final class Readings {

    public static final String SERVER_KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    public static final String VAN_KEY = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";

    private static final long SECOND_NS = 1_000_000_000;
    private static final Instant START = Instant.parse("2026-11-22T13:00:00Z");
    private static final Endpoint SERVER = Endpoint.ofIpv4(0xcb007107, 51_820);

    private Readings() {}

    /// A client with a good link, a silent one, and one that is not plugged in.
    public static Reading client() {
        var problem = Problem.ofLink(ProblemKind.LINK_DOWN, "wwan0", "wwan0 is down", "check the uplink");
        return new Reading(
                Role.CLIENT,
                clientSample(1),
                Optional.of(clientSample(0)),
                List.of(problem),
                "aggregate",
                List.of(new PeerFacts("server", SERVER_KEY, List.of())));
    }

    /// A server with a client that is there and one that never came.
    public static Reading server() {
        return new Reading(
                Role.SERVER,
                serverSample(1),
                Optional.of(serverSample(0)),
                List.of(),
                "aggregate",
                List.of(
                        new PeerFacts("van", VAN_KEY, List.of("10.77.0.2/32", "fd77::2/128")),
                        new PeerFacts("boat", SERVER_KEY, List.of("10.77.0.3/32"))));
    }

    /// The client after so many seconds: 1 Mbit/s in, 0.5 Mbit/s out.
    public static Sample clientSample(int seconds) {
        List<PathSnapshot> paths = List.of(path(0, 0, "usable", seconds), silentPath(1, 1));
        return new Sample(
                START.plusSeconds(seconds),
                (10L + seconds) * SECOND_NS,
                true,
                List.of(session("server", SERVER_KEY, seconds, paths)),
                new Drops(Map.of("no_peer", 4L), Map.of("eth0", Map.of("queue_full", 3L), "onebox0", Map.of())),
                List.of(
                        new LinkFacts(0, "eth0", LinkSettings.DEFAULT, "10.0.1.2", 1500, null),
                        new LinkFacts(
                                1,
                                "wwan0",
                                new LinkSettings(LinkRole.BACKUP, true, 1_250_000, 0, false),
                                "10.0.2.2",
                                1428,
                                null),
                        new LinkFacts(LinkFacts.NO_ID, "usb0", LinkSettings.DEFAULT, null, 0, "no carrier")));
    }

    static Sample serverSample(int seconds) {
        return new Sample(
                START.plusSeconds(seconds),
                (10L + seconds) * SECOND_NS,
                true,
                List.of(
                        session(
                                "van",
                                VAN_KEY,
                                seconds,
                                List.of(path(0, 0, "usable", seconds), path(1, 0, "usable", seconds))),
                        session("boat", SERVER_KEY, 0, List.of())),
                new Drops(Map.of("limited", 2L), Map.of()),
                List.of());
    }

    private static SessionSnapshot session(String name, String key, int seconds, List<PathSnapshot> paths) {
        return new SessionSnapshot(
                name,
                key,
                paths.isEmpty() ? -1 : 5 * SECOND_NS,
                paths.isEmpty() ? 0 : 1412,
                125_000L * seconds,
                62_500L * seconds,
                100L * seconds,
                50L * seconds,
                1,
                2,
                3,
                0,
                4_000_000,
                paths.isEmpty() ? Map.of() : Map.of("duplicate", 6L),
                paths);
    }

    private static PathSnapshot path(int pathId, int link, String state, int seconds) {
        return new PathSnapshot(
                pathId,
                link,
                state,
                null,
                SERVER,
                130_000L * seconds,
                65_000L * seconds,
                100,
                50,
                6_250_000,
                -1,
                20_000_000,
                19_000_000,
                1_000_000,
                500_000,
                0.015,
                1500,
                6 * SECOND_NS);
    }

    private static PathSnapshot silentPath(int pathId, int link) {
        return new PathSnapshot(pathId, link, "down", "silent", null, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, 0, -1);
    }
}
