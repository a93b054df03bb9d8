package io.onebox.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports of loopback for servers that are told theirs; none is given twice. Connections get theirs from 32768 on
/// (`ip_local_port_range` in ip(7)), and could take one of those before the server has it: these are below.
public final class FreePort {

    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;

    /// Another process begins elsewhere.
    private static final AtomicInteger GIVEN =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort() {}

    /// A port that nobody listens on.
    public static int next() {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + GIVEN.getAndIncrement() % COUNT;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port is free");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
