package io.onebox.testbed.crowd;

import io.onebox.agent.linux.AeadChoice;
import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.packet.PacketPool;
import io.onebox.shared.config.LogConfig;
import io.onebox.shared.log.LogSetup;
import io.onebox.testbed.AgentKeys;
import io.onebox.testbed.crowd.Member.Meeting;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Many clients of one server. They connect one after the other; then some of them send at a steady rate, and the
/// others only show that they live.
///
/// ```
///   Crowd write DIRECTORY COUNT SERVER-TOML    keys of so many clients; their tables are added to the server's file
///   Crowd run DIRECTORY HOST:PORT SERVER-KEY   connects them, makes DIRECTORY/connected, and sends until it is ended
/// ```
public final class Crowd {

    /// How many of them send, and how much each: what a server of issue 4, row h, must bear.
    private static final int SENDING = 10;

    private static final int MEGABITS = 20;

    private static final int PACKETS = 8_192;
    private static final int PER_NETWORK = 250;

    /// Below what makes a server ask for cookies, which is 128 a second.
    private static final long CONNECT_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long TICK_MS = 1;

    private final List<Member> members = new ArrayList<>();
    private final Selector selector = Selector.open();
    private final long startNs = System.nanoTime();

    private Crowd() throws IOException {}

    /// Does as the class comment says.
    public static void main(String[] args) throws IOException {
        LogSetup.apply(new LogConfig(LogConfig.Level.ERROR, LogConfig.Format.TEXT));
        Path directory = Path.of(args[1]);
        if (args[0].equals("write")) {
            write(directory, Integer.parseInt(args[2]), Path.of(args[3]));
            return;
        }
        int colon = args[2].lastIndexOf(':');
        var server = new InetSocketAddress(args[2].substring(0, colon), Integer.parseInt(args[2].substring(colon + 1)));
        new Crowd().run(directory, server, new PublicKey(Base64.getDecoder().decode(args[3])));
    }

    private static void write(Path directory, int count, Path serverFile) throws IOException {
        var secrets = new ArrayList<String>();
        var tables = new StringBuilder(Files.readString(serverFile));
        for (int i = 0; i < count; i++) {
            AgentKeys keys = AgentKeys.generate();
            secrets.add(keys.privateKey());
            tables.append("""
                    [[client]]
                    name = "client-%d"
                    public-key = "%s"
                    addresses = ["%s/32"]
                    """.formatted(i, keys.publicKey(), address(i)));
        }
        Files.write(directory.resolve("keys"), secrets);
        Files.writeString(serverFile, tables);
    }

    private static String address(int member) {
        return "10.96.%d.%d".formatted(member / PER_NETWORK, member % PER_NETWORK + 2);
    }

    private void run(Path directory, InetSocketAddress server, PublicKey serverKey) throws IOException {
        var pool = new PacketPool(Arena.ofAuto(), PACKETS);
        var meeting = new Meeting(server, serverKey, AeadChoice.choose().factory(), pool, selector);
        for (String key : Files.readAllLines(directory.resolve("keys"))) {
            int number = members.size();
            int megabits = number < SENDING ? MEGABITS : 0;
            members.add(new Member(meeting, key, address(number), megabits, nowNs()));
            long nextNs = nowNs() + CONNECT_NS;
            while (nowNs() < nextNs) {
                turn();
            }
        }
        while (!members.stream().allMatch(Member::isConnected)) {
            turn();
        }
        members.forEach(member -> member.begin(nowNs()));
        Files.createFile(directory.resolve("connected"));
        while (true) {
            turn();
        }
    }

    /// Waits a moment for datagrams, takes them in, and does what is due.
    private void turn() throws IOException {
        selector.select(key -> ((Member) key.attachment()).receive(nowNs()), TICK_MS);
        long nowNs = nowNs();
        for (Member member : members) {
            member.tick(nowNs);
        }
    }

    private long nowNs() {
        return System.nanoTime() - startNs;
    }
}
