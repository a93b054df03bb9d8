package io.onebox.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// A port of this machine that leads to one of a host of the testbed, so that a browser outside reaches it. It listens
/// on loopback alone.
public final class PortForward implements AutoCloseable {

    private final TestbedHost host;
    private final int port;
    private final ServerSocket door;

    private PortForward(TestbedHost host, int port, ServerSocket door) {
        this.host = host;
        this.port = port;
        this.door = door;
    }

    /// Opens the port of the same number here, or another where that is taken.
    public static PortForward to(TestbedHost host, int port) {
        try {
            var forward = new PortForward(host, port, door(port));
            Thread.ofVirtual().name("forward-" + port).start(forward::accept);
            return forward;
        } catch (IOException e) {
            throw new UncheckedIOException("no port leads to " + host, e);
        }
    }

    private static ServerSocket door(int port) throws IOException {
        var door = new ServerSocket();
        try {
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (BindException _) {
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }
        return door;
    }

    /// Its number here.
    public int port() {
        return door.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket outside = door.accept();
                Thread.ofVirtual().start(() -> relay(outside));
            }
        } catch (IOException _) {
            // The door is closed.
        }
    }

    private void relay(Socket outside) {
        try (outside;
                Socket inside = host.inside(() -> new Socket(InetAddress.getLoopbackAddress(), port))) {
            Thread back = Thread.ofVirtual().start(() -> pump(inside, outside));
            pump(outside, inside);
            back.join();
        } catch (IOException | RuntimeException _) {
            // Nobody listens inside: the browser sees a connection that ends.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            close(from); // One of them has gone, so that the other way ends as well.
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone already.
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
