package io.onebox.agent.api;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file of a unix socket: made room for before binding, opened to the group after. All calls block.
public final class SocketFile {

    private static final Logger log = LoggerFactory.getLogger(SocketFile.class);

    private static final String GROUP = "onebox";

    private final Path path;

    public SocketFile(Path path) {
        this.path = path;
    }

    /// Makes sure the path can be bound: its directory exists, and what a dead agent left is gone.
    ///
    /// @throws IllegalStateException if an agent is listening there, or the path is something else
    public void prepare() {
        try {
            Path directory = path.getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                throw new IllegalStateException(
                        path + " exists and is not a socket; remove it, or set another [api] socket");
            }
            if (isAlive()) {
                throw new IllegalStateException("another agent already answers on " + path
                        + "; stop it first, or give this one its own [api] socket and [tunnel] interface");
            }
            Files.delete(path);
            log.atInfo().addKeyValue("socket", path).log("removed the socket of an agent that is gone");
        } catch (IOException e) {
            throw new IllegalStateException("cannot make room for the socket " + path + ": " + e, e);
        }
    }

    /// Lets root and the group `onebox` in, if there is such a group, and nobody else.
    public void open() {
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
            GroupPrincipal group =
                    path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(GROUP);
            PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
            if (!view.readAttributes().group().equals(group)) {
                view.setGroup(group);
            }
        } catch (UserPrincipalNotFoundException _) {
            log.atDebug().addKeyValue("group", GROUP).log("no such group; the socket is for its owner alone");
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("socket", path)
                    .addKeyValue("cause", e.toString())
                    .log("cannot give the socket to its group");
        }
    }

    private boolean isAlive() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException _) {
            return false; // Connection refused: nobody listens.
        }
    }
}
