package io.onebox.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.status.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunnelDnsTest {

    private static final List<InetAddress> SERVERS =
            List.of(InetAddress.ofLiteral("10.77.0.1"), InetAddress.ofLiteral("fd77::1"));

    @TempDir
    private Path root;

    private final List<String> ran = new ArrayList<>();
    private int exitCode;

    @Test
    void asksSystemdResolvedWhereItRuns() throws IOException {
        Files.createDirectories(root.resolve("run/systemd/resolve"));
        TunnelDns dns = dns();

        dns.cleanUp();
        dns.use(SERVERS);
        dns.use(SERVERS);
        dns.use(List.of());

        assertThat(ran)
                .containsExactly(
                        "resolvectl dns onebox0 10.77.0.1 fd77::1",
                        "resolvectl domain onebox0 ~.",
                        "resolvectl revert onebox0");
        assertThat(dns.problem()).isEmpty();
    }

    @Test
    void asksResolvconfOtherwiseAndForgetsWhatAnEarlierLifeLeft() throws IOException {
        Path program = Files.createDirectories(root.resolve("sbin")).resolve("resolvconf");
        Files.createFile(program, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        TunnelDns dns = dns();

        dns.cleanUp();
        dns.use(SERVERS);
        dns.use(List.of());

        assertThat(ran)
                .containsExactly(
                        "resolvconf -d tun.onebox0",
                        "resolvconf -a tun.onebox0 < nameserver 10.77.0.1\nnameserver fd77::1\n",
                        "resolvconf -d tun.onebox0");
    }

    @Test
    void saysThatItCannotWhereThereIsNeither() {
        TunnelDns dns = dns();

        dns.cleanUp();
        dns.use(SERVERS);

        assertThat(ran).isEmpty();
        assertThat(dns.problem()).map(problem -> problem.kind().code()).contains("dns.unset");
        dns.use(List.of());
        assertThat(dns.problem()).isEmpty();
    }

    @Test
    void saysThatTheProgramRefused() throws IOException {
        Files.createDirectories(root.resolve("run/systemd/resolve"));
        exitCode = 1;
        TunnelDns dns = dns();

        dns.use(SERVERS);

        assertThat(dns.problem())
                .map(Problem::message)
                .hasValueSatisfying(message -> assertThat(message).contains("resolved refused"));
    }

    private TunnelDns dns() {
        return new TunnelDns(
                (command, input) -> {
                    ran.add(String.join(" ", command) + (input.isEmpty() ? "" : " < " + input));
                    return exitCode;
                },
                root,
                "onebox0");
    }
}
