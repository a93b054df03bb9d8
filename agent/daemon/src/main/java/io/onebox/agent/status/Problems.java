package io.onebox.agent.status;

import io.onebox.engine.path.LinkRole;
import io.onebox.engine.stats.PathSnapshot;
import io.onebox.engine.stats.SessionSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Finds what is wrong with a client in a sample of it.
public final class Problems {

    private Problems() {}

    /// What is wrong, worst first.
    ///
    /// @param endpoints of the server, as configured
    /// @param others problems that a sample does not show
    public static List<Problem> ofClient(Sample sample, List<String> endpoints, List<Problem> others) {
        List<Problem> problems = new ArrayList<>(others);
        Optional<SessionSnapshot> session = sample.sessions().stream().findFirst();
        boolean isConnected = session.filter(PathJson::isConnected).isPresent();
        if (!sample.isUp()) {
            problems.add(Problem.of(
                    ProblemKind.TUNNEL_DOWN, "the tunnel is switched off", "switch it on with: onebox-client up"));
        } else if (sample.links().stream().noneMatch(LinkFacts::isOpen)) {
            problems.add(Problem.of(
                    ProblemKind.LINK_NONE,
                    "no interface has a usable route",
                    "connect an uplink, or check [links] include and exclude"));
        } else if (!isConnected) {
            problems.add(Problem.of(
                    ProblemKind.SERVER_UNREACHABLE,
                    "no answer from the server at " + String.join(", ", endpoints) + "; still trying",
                    "check the address, UDP through the firewalls, and that both sides know each other's public key"));
        }
        if (sample.isUp()) {
            session.ifPresent(found -> links(sample, found, isConnected, problems));
        }
        return sorted(problems);
    }

    /// Problems in the order to read them.
    public static List<Problem> sorted(List<Problem> problems) {
        return problems.stream().sorted(Comparator.comparing(Problem::severity)).toList();
    }

    private static void links(Sample sample, SessionSnapshot session, boolean isConnected, List<Problem> problems) {
        for (LinkFacts link : sample.links()) {
            if (link.settings().role() == LinkRole.NEVER) {
                continue;
            }
            if (link.settings().paused()) {
                problems.add(Problem.ofLink(
                        ProblemKind.LINK_PAUSED,
                        link.name(),
                        link.name() + " is paused",
                        "use it again with: onebox-client links resume " + link.name()));
            } else if (isConnected && link.isOpen()) {
                session.paths().stream()
                        .filter(path -> path.link() == link.id())
                        .findFirst()
                        .filter(path -> !path.state().equals(PathJson.USABLE))
                        .ifPresent(path -> problems.add(silent(link, path)));
            }
        }
    }

    private static Problem silent(LinkFacts link, PathSnapshot path) {
        String reason = path.reasonUnused() == null ? "" : ": " + path.reasonUnused();
        return Problem.ofLink(
                ProblemKind.ofPath(path.state()),
                link.name(),
                link.name() + " is " + path.state() + reason,
                "check the uplink behind " + link.name() + "; the others carry the traffic meanwhile");
    }
}
