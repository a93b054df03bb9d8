package io.onebox.agent.verticle;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.link.Link;
import io.onebox.agent.link.LinkEvent;
import io.onebox.agent.link.LinkEvent.Appeared;
import io.onebox.agent.link.LinkEvent.Changed;
import io.onebox.agent.link.LinkEvent.Gone;
import io.onebox.agent.link.LinkMonitor;
import io.onebox.agent.link.LinkSelection;
import io.onebox.agent.link.Unused;
import io.onebox.agent.linux.Cidr;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.NetworkNamespace;
import io.onebox.agent.linux.RtNetlink;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Links as a real kernel makes and breaks them: veth pairs in a namespace of our own, the far ends beside them.
@Tag("system")
class LinkMonitorVerticleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MARK = 0x2000000;

    private final Libc libc = Libc.load();
    private final BlockingQueue<LinkEvent> events = new LinkedBlockingQueue<>();
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private NetworkNamespace namespace;
    private LinkMonitorVerticle verticle;

    @BeforeEach
    void twoLinks() {
        namespace = new NetworkNamespace(libc);
        plug(1);
        plug(2);
        var selection = new LinkSelection(List.of("up*"), List.of(), List.of(), "onebox0");
        verticle = new LinkMonitorVerticle(namespace.in(() -> new LinkMonitor(libc, selection, MARK)));
        vertx.deployVerticle(verticle).await();
        verticle.listen(vertx.getOrCreateContext(), events::add).await();
        assertThat(List.of(next(), next()))
                .allSatisfy(event -> assertThat(event).isInstanceOf(Appeared.class));
    }

    @AfterEach
    void close() {
        vertx.close().await();
        namespace.close();
    }

    @Test
    void knowsTheLinksThereAre() {
        List<Link> links = verticle.links().await();

        assertThat(links).extracting(Link::name).containsExactly("up1", "up2");
        assertThat(links).extracting(Link::id).containsExactly(0, 1);
        assertThat(links.getFirst().addresses()).contains(Cidr.of("10.0.1.2/24"), Cidr.of("fd00:0:0:1::2/64"));
        assertThat(links.getFirst().ipv6()).isTrue();
        assertThat(verticle.unused().await()).contains(new Unused("far1", "not in [links] include"));
    }

    /// The time runs from before the peer's end is set down, so it contains the kernel's own.
    @Test
    void noticesTheLossOfACarrierWithin50Milliseconds() {
        try (RtNetlink netlink = namespace.in(() -> new RtNetlink(libc))) {
            var far = netlink.findInterface("far1").orElseThrow();

            long startNs = System.nanoTime();
            netlink.down(far);
            LinkEvent event = next();
            long tookNs = System.nanoTime() - startNs;

            assertThat(event).isInstanceOf(Gone.class).extracting("reason").isEqualTo("no carrier");
            assertThat(Duration.ofNanos(tookNs)).isLessThan(Duration.ofMillis(50));
            netlink.up(far);
        }

        assertThat(nextOf("up1")).isInstanceOf(Appeared.class);
    }

    @Test
    void noticesTheLossOfARouteAndItsReturn() {
        namespace.shell("ip route del default dev up1; ip -6 route del default dev up1");
        eventually(PATIENCE, () -> assertThat(names()).containsExactly("up2"));

        namespace.shell("ip route add default via 10.0.1.1 dev up1 metric 1");
        eventually(PATIENCE, () -> assertThat(names()).containsExactly("up1", "up2"));
    }

    @Test
    void followsAnotherAddressAndMtu() {
        namespace.shell("ip address del 10.0.1.2/24 dev up1; ip address add 10.0.1.77/24 dev up1;"
                + " ip route replace default via 10.0.1.1 dev up1 metric 1; ip link set up1 mtu 1400");

        eventually(PATIENCE, () -> assertThat(link("up1").mtuBytes()).isEqualTo(1400));
        eventually(PATIENCE, () -> assertThat(link("up1").addresses()).contains(Cidr.of("10.0.1.77/24")));
        assertThat(link("up1").addresses()).doesNotContain(Cidr.of("10.0.1.2/24"));
        assertThat(events).anyMatch(event -> event instanceof Changed);
    }

    /// The kernel removes IPv4 routes without a word when the last address goes.
    @Test
    void noticesTheLossOfAllAddressesAndThatTheRoutesWentWithThem() {
        namespace.shell("ip address flush dev up1");
        eventually(PATIENCE, () -> assertThat(names()).containsExactly("up2"));

        namespace.shell("ip address add 10.0.1.2/24 dev up1");

        eventually(
                PATIENCE, () -> assertThat(verticle.unused().await()).contains(new Unused("up1", "no default route")));
    }

    @Test
    void noticesAnInterfaceMadeAnewUnderTheSameName() {
        int before = link("up1").interfaceIndex();
        namespace.shell("ip link del up1");
        plug(1);

        assertThat(nextOf("up1")).isInstanceOf(Gone.class);
        assertThat(nextOf("up1")).isInstanceOf(Appeared.class);
        eventually(PATIENCE, () -> assertThat(link("up1").interfaceIndex()).isNotEqualTo(before));
        assertThat(link("up1").id()).isZero();
    }

    @Test
    void noticesAnInterfaceRenamed() {
        namespace.shell("ip link set up1 down; ip link set up1 name up7; ip link set up7 up;"
                + " ip route add default via 10.0.1.1 dev up7");

        eventually(PATIENCE, () -> assertThat(names()).containsExactly("up2", "up7"));
        assertThat(link("up7").id()).isEqualTo(2);
    }

    @Test
    void findsANewLinkPluggedIn() {
        plug(3);

        LinkEvent event = nextOf("up3");
        assertThat(event).isInstanceOf(Appeared.class);
    }

    @Test
    void comesToTheRightEndOfAStormOfNews() {
        namespace.shell("for i in $(seq 1 60); do ip -4 address flush dev up1; ip link set up1 down;"
                + " ip link set up1 up; done; ip link set up2 down");

        eventually(PATIENCE, () -> assertThat(names()).isEmpty());
    }

    private void plug(int i) {
        namespace.shell("""
                ip link add up%1$d type veth peer name far%1$d
                ip link set far%1$d up
                ip link set up%1$d up
                ip address add 10.0.%1$d.2/24 dev up%1$d
                ip address add fd00:0:0:%1$d::2/64 dev up%1$d nodad
                ip route add default via 10.0.%1$d.1 dev up%1$d metric %1$d
                ip -6 route add default via fd00:0:0:%1$d::1 dev up%1$d metric %1$d
                """.formatted(i));
    }

    private List<String> names() {
        return verticle.links().await().stream().map(Link::name).toList();
    }

    private Link link(String name) {
        return verticle.links().await().stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private LinkEvent nextOf(String name) {
        while (true) {
            LinkEvent event = next();
            String subject = switch (event) {
                case Appeared(Link link) -> link.name();
                case Changed(Link _, Link now) -> now.name();
                case Gone(Link link, String _) -> link.name();
            };
            if (subject.equals(name) && !(event instanceof Changed)) {
                return event;
            }
        }
    }

    private LinkEvent next() {
        try {
            LinkEvent event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return Objects.requireNonNull(event, "no event in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
