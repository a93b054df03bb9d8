package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Two machines with systemd for the tests of a class: a client with two uplinks and a server. Both have onebox, and
/// are configured for each other; nothing runs yet.
final class ServiceHosts implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private static final long SEED = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DebianSuite suite;
    private final Path packages;
    private final String installation;
    private @Nullable Testbed testbed;
    private @Nullable SystemdHost client;
    private @Nullable SystemdHost server;

    private ServiceHosts(DebianSuite suite, Path packages, String installation) {
        this.suite = suite;
        this.packages = packages;
        this.installation = installation;
    }

    /// The tarball for other distributions, unpacked where the manual says, and the services its `install` makes.
    static ServiceHosts unpacked() {
        Path tarball = Packages.tarball();
        return new ServiceHosts(
                DebianSuite.BOOKWORM,
                tarball.getParent(),
                "tar -C /usr/lib -xf /packages/%s && /usr/lib/onebox/install".formatted(tarball.getFileName()));
    }

    /// A Debian package.
    static ServiceHosts packaged(DebianSuite suite, Path deb) {
        return new ServiceHosts(suite, deb.getParent(), Packages.installing(deb));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        testbed = new Testbed(SEED);
        TestbedClient uplinks = testbed.client(List.of(
                UplinkSpec.of("up1", "rate 20mbit", "delay 10ms"), UplinkSpec.of("up2", "rate 10mbit", "delay 20ms")));
        Path directory = testbed.directory();
        List<String> shared = List.of(packages + ":/packages");
        client = new SystemdHost(uplinks.host(), suite, directory.resolve("client"), shared);
        server = new SystemdHost(testbed.server(), suite, directory.resolve("server"), shared);
        client().run(installation);
        server().run(installation);
        configure();
    }

    private void configure() {
        String serverKey = server().run("onebox-server keygen --out /etc/onebox/server.key")
                .strip();
        String clientKey = client().run("onebox-client keygen --out /etc/onebox/client.key")
                .strip();
        client().write("/etc/onebox/client.toml", """
                [server]
                endpoints = ["%s:51820"]
                public-key = "%s"
                [identity]
                private-key-file = "client.key"
                [tunnel]
                addresses = ["10.77.0.2/32", "fd77::2/128"]
                """.formatted(Testbed.SERVER, serverKey));
        server().write("/etc/onebox/server.toml", """
                [identity]
                private-key-file = "server.key"
                [tunnel]
                addresses = ["10.77.0.1/24", "fd77::1/64"]
                [[client]]
                name = "van"
                public-key = "%s"
                addresses = ["10.77.0.2/32", "fd77::2/128"]
                """.formatted(clientKey));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            System.out.println(client().describe());
            System.out.println(server().describe());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
        if (testbed != null) {
            testbed.close();
        }
    }

    /// The client's machine.
    SystemdHost client() {
        return booted(client);
    }

    /// The server's machine.
    SystemdHost server() {
        return booted(server);
    }

    /// Waits until a ping through the tunnel is answered, also from beyond the server.
    void awaitTraffic() {
        eventually(PATIENCE, () -> {
            client().run("ping -c 1 -W 1 10.77.0.1");
            client().run("ping -c 1 -W 1 " + Testbed.INTERNET6);
            client().run("ping -c 1 -W 1 " + Testbed.INTERNET);
        });
    }

    private static SystemdHost booted(@Nullable SystemdHost host) {
        if (host == null) {
            throw new IllegalStateException("no test is running");
        }
        return host;
    }
}
