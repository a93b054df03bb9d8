package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testbed.fleet.ClusterDrill;
import io.onebox.testing.PrivatePostgresql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two controllers on one PostgreSQL survive the loss of each other. The test alone freezes one for some seconds only,
/// and leaves the times to whoever reads them. `bin/bench cluster` takes both at their word: `-Donebox.freeze=60`, as
/// long as the promise says, and `-Donebox.intime=true`, nothing later than promised.
@Tag("system")
@Tag("alone")
@Tag("long")
class ClusterSystemTest {

    private static final boolean IS_IN_TIME = Boolean.getBoolean("onebox.intime");
    private static final int PORT = 5432;
    private static final String DATABASE_ADDRESS = "10.99.0.3";

    private final String namespace = Leftovers.PREFIX + ProcessHandle.current().pid() + "-cluster";
    private Path directory;
    private PrivatePostgresql postgresql;

    @BeforeEach
    void startDatabase() throws Exception {
        Leftovers.clean();
        directory = Files.createTempDirectory(
                Leftovers.PREFIX + ProcessHandle.current().pid() + "-");
        Shell.script("""
                ip netns add NS
                ip -n NS link set lo up
                ip -n NS addr add 10.99.0.1/32 dev lo
                ip -n NS addr add 10.99.0.2/32 dev lo
                ip -n NS addr add 10.99.0.3/32 dev lo
                """.replace("NS", namespace));
        postgresql = PrivatePostgresql.start(List.of("ip", "netns", "exec", namespace), PORT, DATABASE_ADDRESS);
    }

    @AfterEach
    void endAll() {
        postgresql.close();
        Shell.script("""
                for pid in $(ip netns pids NS); do kill -9 $pid; done
                ip netns del NS
                """.replace("NS", namespace));
        Leftovers.delete(directory);
    }

    @Test
    void nothingIsLostOrDoubledWhenANodeIsCutOffFrozenOrKilled() {
        String database = "postgresql://%s@%s:%d/%s"
                .formatted(PrivatePostgresql.USER, DATABASE_ADDRESS, PORT, postgresql.createDatabase());
        Shell.Result result = Shell.attempt(
                "",
                List.of(
                        "ip",
                        "netns",
                        "exec",
                        namespace,
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Donebox.home=" + Checkout.distribution(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClusterDrill.class.getName(),
                        directory.toString(),
                        database,
                        postgresql.passwordFile().toString(),
                        Integer.getInteger("onebox.freeze", 10).toString()));

        Measured.print(result.output());
        assertThat(result.exitCode())
                .as(result.output())
                .isIn(IS_IN_TIME ? List.of(0) : List.of(0, ClusterDrill.TOO_SLOW));
    }
}
