package io.onebox.agent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {

    @TempDir
    private Path directory;

    @Test
    void makesTheDirectory() {
        new SocketFile(directory.resolve("a/b/c.sock")).prepare();

        assertThat(directory.resolve("a/b")).isDirectory();
    }

    @Test
    void replacesTheSocketOfADeadAgent() throws IOException {
        Path path = directory.resolve("dead.sock");
        bind(path).close();
        assertThat(path).exists();

        new SocketFile(path).prepare();

        assertThat(path).doesNotExist();
    }

    @Test
    void refusesTheSocketOfALiveAgent() throws IOException {
        Path path = directory.resolve("live.sock");
        try (var _ = bind(path)) {
            assertThatThrownBy(() -> new SocketFile(path).prepare())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("another agent already answers on " + path);
        }
    }

    @Test
    void leavesAloneWhatIsNotASocket() throws IOException {
        Path path = Files.writeString(directory.resolve("notes.txt"), "dear diary");

        assertThatThrownBy(() -> new SocketFile(path).prepare())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not a socket");
        assertThat(path).exists();
    }

    @Test
    void letsInTheOwnerAndTheGroupOnly() throws IOException {
        Path path = directory.resolve("open.sock");
        try (var _ = bind(path)) {
            new SocketFile(path).open();

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-rw----");
        }
    }

    private static ServerSocketChannel bind(Path path) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
    }
}
