package io.onebox.agent;

import io.onebox.agent.api.ApiException;
import io.onebox.agent.api.ApiException.Kind;
import io.onebox.agent.api.LinkChange;
import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.agent.link.Link;
import io.onebox.agent.link.LinkEvent;
import io.onebox.agent.link.Unused;
import io.onebox.agent.linux.LinuxException;
import io.onebox.agent.route.PolicyRoutes;
import io.onebox.agent.status.LinkFacts;
import io.onebox.agent.verticle.DataPlane;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.LinkConfig;
import io.onebox.shared.config.ClientConfig;
import io.onebox.shared.config.IpText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The links of a client that the data plane has, and how they may be used. Belongs to the agent's thread, but for
/// [#facts], [#unused] and [#nameOf].
final class OpenLinks {

    private static final Logger log = LoggerFactory.getLogger(OpenLinks.class);

    private final DataPlane dataPlane;
    private final Map<String, Link> open = new TreeMap<>();
    private final Map<String, String> failed = new HashMap<>();
    private final Map<String, LinkSettings> changed = new HashMap<>();
    private ClientConfig config;

    private volatile List<LinkFacts> facts = List.of();
    private volatile List<Unused> unused = List.of();

    OpenLinks(DataPlane dataPlane, ClientConfig config) {
        this.dataPlane = dataPlane;
        this.config = config;
    }

    /// Follows the link monitor.
    ///
    /// @return whether the uplinks are others than before
    boolean onEvent(LinkEvent event) {
        switch (event) {
            case LinkEvent.Appeared(Link link) -> open(link);
            case LinkEvent.Changed(Link before, Link now) -> {
                if (before.addresses().equals(now.addresses())) {
                    open.put(now.name(), now);
                    dataPlane.updateLink(engineLink(now)).await();
                } else {
                    open(now); // A new address is a new way: the old socket's packets would come from the old one.
                }
            }
            case LinkEvent.Gone(Link link, String _) -> {
                open.remove(link.name());
                failed.remove(link.name());
                dataPlane.closeLink(link.id()).await();
            }
        }
        tell();
        return true;
    }

    /// Changes how a link is used.
    ///
    /// @throws ApiException if there is no such link
    void change(String name, LinkChange change) {
        Link link = open.get(name);
        if (link == null
                && config.links().stream()
                        .noneMatch(found -> found.interfaceName().equals(name))) {
            throw new ApiException(
                    Kind.NOT_FOUND,
                    "no link '" + name + "'",
                    open.isEmpty() ? "there is no link at all" : "the links are " + String.join(", ", open.keySet()));
        }
        LinkSettings settings = change.applyTo(settings(name));
        changed.put(name, settings);
        if (link != null) {
            dataPlane.changeLink(link.id(), settings).await();
        }
        log.atInfo().addKeyValue("link", name).addKeyValue("settings", settings).log("link settings changed");
        tell();
    }

    /// Takes another configuration; changes made while running are forgotten.
    void reconfigure(ClientConfig next) {
        config = next;
        changed.clear();
        open.values()
                .forEach(link ->
                        dataPlane.changeLink(link.id(), settings(link.name())).await());
        tell();
    }

    /// The names of the uplinks.
    List<String> names() {
        return List.copyOf(open.keySet());
    }

    /// The names of those the data plane has. From any thread.
    List<String> openNames() {
        return facts.stream().filter(LinkFacts::isOpen).map(LinkFacts::name).toList();
    }

    /// Takes note of the interfaces that are no links. From any thread.
    void unused(List<Unused> found) {
        unused = List.copyOf(found);
    }

    /// Every link there is or could be, by name. From any thread.
    List<LinkFacts> facts() {
        List<LinkFacts> all = new ArrayList<>(facts);
        for (Unused candidate : unused) {
            boolean isWanted = !candidate.reason().startsWith("excluded by")
                    && !candidate.reason().startsWith("not in [links]")
                    && !candidate.reason().equals("loopback")
                    && !candidate.reason().equals("it is the tunnel itself");
            if (isWanted && all.stream().noneMatch(link -> link.name().equals(candidate.name()))) {
                all.add(new LinkFacts(
                        LinkFacts.NO_ID, candidate.name(), LinkSettings.DEFAULT, null, 0, candidate.reason()));
            }
        }
        return all;
    }

    /// The name of the link with an id. From any thread.
    String nameOf(int id) {
        return facts.stream()
                .filter(link -> link.id() == id)
                .map(LinkFacts::name)
                .findFirst()
                .orElse("link" + id);
    }

    private void open(Link link) {
        open.put(link.name(), link);
        failed.remove(link.name());
        try {
            dataPlane
                    .openLink(new LinkSocketConfig(engineLink(link), link.name(), 0, PolicyRoutes.SOCKET_MARK))
                    .await();
        } catch (LinuxException | CompletionException e) {
            failed.put(link.name(), String.valueOf(e.getMessage()));
            log.atWarn()
                    .addKeyValue("link", link.name())
                    .addKeyValue("reason", e.getMessage())
                    .log("link could not be opened");
        }
    }

    private LinkConfig engineLink(Link link) {
        return new LinkConfig(link.id(), link.name(), settings(link.name()), link.ipv4(), link.ipv6(), link.mtuBytes());
    }

    private LinkSettings settings(String name) {
        return changed.getOrDefault(name, EngineTerms.settings(config.link(name)));
    }

    private void tell() {
        List<LinkFacts> now = new ArrayList<>();
        for (Link link : open.values()) {
            String address = link.addresses().isEmpty()
                    ? null
                    : IpText.of(link.addresses().getFirst().address());
            String reason = failed.get(link.name());
            now.add(new LinkFacts(
                    reason == null ? link.id() : LinkFacts.NO_ID,
                    link.name(),
                    settings(link.name()),
                    address,
                    link.mtuBytes(),
                    reason));
        }
        for (io.onebox.shared.config.LinkConfig configured : config.links()) {
            String name = configured.interfaceName();
            if (!open.containsKey(name)) {
                String reason = unused.stream()
                        .filter(candidate -> candidate.name().equals(name))
                        .map(Unused::reason)
                        .findFirst()
                        .orElse("interface is missing");
                now.add(new LinkFacts(LinkFacts.NO_ID, name, settings(name), null, 0, reason));
            }
        }
        facts = List.copyOf(now);
    }
}
