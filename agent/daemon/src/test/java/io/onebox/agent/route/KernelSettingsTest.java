package io.onebox.agent.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.route.HostChange.Sysctl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelSettingsTest {

    private final Map<String, String> values = new HashMap<>(Map.of(
            "net/ipv4/conf/all/rp_filter", "0",
            "net/ipv4/conf/eth0/rp_filter", "1",
            "net/ipv4/conf/onebox0/rp_filter", "0",
            "net/ipv6/conf/all/forwarding", "0",
            "net/ipv6/conf/eth0/accept_ra", "1",
            "net/ipv6/conf/wlan0/accept_ra", "0",
            "net/ipv6/conf/onebox0/accept_ra", "1"));

    @Test
    void loosensAStrictReversePathFilterOnly() {
        assertThat(settings().looseReversePath(List.of("eth0", "onebox0", "gone0")))
                .containsExactly(new Sysctl("net/ipv4/conf/eth0/rp_filter", "2"));
    }

    @Test
    void loosensEveryInterfaceThatTheValueForAllMakesStrict() {
        values.put("net/ipv4/conf/all/rp_filter", "1");

        assertThat(settings().looseReversePath(List.of("eth0", "onebox0"))).hasSize(2);
    }

    @Test
    void keepsHearingRouterAdvertisementsWhileForwarding() {
        assertThat(settings().forwarding("onebox0"))
                .containsExactly(
                        new Sysctl("net/ipv6/conf/eth0/accept_ra", "2"),
                        new Sysctl("net/ipv6/conf/all/forwarding", "1"),
                        new Sysctl("net/ipv4/ip_forward", "1"));
    }

    @Test
    void leavesARouterAsItIs() {
        values.put("net/ipv6/conf/all/forwarding", "1");

        assertThat(settings().forwarding("onebox0"))
                .containsExactly(
                        new Sysctl("net/ipv6/conf/all/forwarding", "1"), new Sysctl("net/ipv4/ip_forward", "1"));
    }

    @Test
    void asksForNoIpv6WhereTheKernelHasNone() {
        values.remove("net/ipv6/conf/all/forwarding");

        assertThat(settings().forwarding("onebox0")).containsExactly(new Sysctl("net/ipv4/ip_forward", "1"));
    }

    private KernelSettings settings() {
        return new KernelSettings(
                key -> Optional.ofNullable(values.get(key)), List.of("all", "default", "eth0", "onebox0", "wlan0"));
    }
}
