package io.onebox.testbed;

import java.util.ArrayList;
import java.util.List;

/// A box with several uplinks.
public final class TestbedClient {

    private final Testbed testbed;
    private final TestbedHost host;
    private final int index;
    private final List<TestbedLink> links = new ArrayList<>();

    TestbedClient(Testbed testbed, TestbedHost host, int index) {
        this.testbed = testbed;
        this.host = host;
        this.index = index;
    }

    /// Its host.
    public TestbedHost host() {
        return host;
    }

    /// Counts the clients of a testbed from 0.
    public int index() {
        return index;
    }

    /// Adds an uplink, also while agents run.
    public TestbedLink plug(UplinkSpec spec) {
        var link = new TestbedLink(testbed, host, spec, index, links.size() + 1);
        link.create();
        links.add(link);
        return link;
    }

    /// Its uplinks in the order they were plugged in.
    public List<TestbedLink> links() {
        return List.copyOf(links);
    }

    /// The uplink with this name.
    public TestbedLink link(String name) {
        return links.stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no uplink " + name));
    }
}
