package io.onebox.testbed;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;

/// All emulated links of a testbed, driven by the real clock in one thread: the same link model as the
/// simulator's, between pairs of TAP interfaces, because the kernel here has no `netem`.
///
/// The thread sleeps in `ppoll` until a frame comes or is due. The rate of a link is exact whatever the
/// lateness of a wake-up, because the model computes with the times at which frames should leave. Lateness
/// itself needs real-time priority under load: run it as a process of its own, see [EmulatedWanProcess].
///
/// Commands, one a line (see [WanCommands]), come in by [#execute] from any thread.
public final class EmulatedWan implements AutoCloseable {

    // At 500 Mbit/s, 50 ms of queue and 100 ms of delay are 6300 full frames.
    private static final int FRAMES = 16 * 1024;

    // struct pollfd: int fd, short events, short revents; poll.h
    private static final int POLLFD = 8;
    private static final int POLLFD_EVENTS = 4;
    private static final int POLLFD_REVENTS = 6;
    private static final short POLLIN = 1;
    private static final int MOST_LINKS = 64;

    // sys/eventfd.h
    private static final int EFD_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;

    // linux/prctl.h; 1 ns asks for no slack
    private static final int PR_SET_TIMERSLACK = 29;

    private static final long NS_PER_SECOND = 1_000_000_000;

    private record Request(String line, CompletableFuture<String> answer) {}

    private final EmulatorLibc libc = EmulatorLibc.load();
    private final FrameStore frames = new FrameStore(FRAMES);
    private final Map<String, EmulatedLink> links = new LinkedHashMap<>();
    private final List<EmulatedLink> polled = new ArrayList<>();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final MemorySegment pollFds = Arena.ofAuto().allocate((2L * MOST_LINKS + 1) * POLLFD, Long.BYTES);
    private final MemorySegment timeout = Arena.ofAuto().allocate(2 * Long.BYTES, Long.BYTES);
    private final MemorySegment wakeValue = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private final MemorySegment wakeSink = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
    private final long startNs = System.nanoTime();
    private final RandomGenerator random;
    private final int wakeFd;
    private final Thread thread;
    private volatile boolean stopping;

    /// Starts an emulator without links.
    ///
    /// @param random for loss, jitter and the like
    public EmulatedWan(RandomGenerator random) {
        this.random = random;
        this.wakeFd = libc.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (wakeFd < 0) {
            throw new IllegalStateException("eventfd: errno " + EmulatorLibc.lastError());
        }
        wakeValue.set(ValueLayout.JAVA_LONG, 0, 1);
        this.thread = Thread.ofPlatform().name("emulated-wan").daemon().start(this::run);
    }

    /// Runs one command and answers with its output; fails with [IllegalArgumentException] for a command that
    /// cannot be understood, and [IllegalStateException] for one the kernel refuses.
    public CompletableFuture<String> execute(String line) {
        var request = new Request(line, new CompletableFuture<>());
        requests.add(request);
        libc.write(wakeFd, wakeValue.address(), Long.BYTES);
        return request.answer();
    }

    /// Removes all links and stops.
    @Override
    public void close() {
        stopping = true;
        libc.write(wakeFd, wakeValue.address(), Long.BYTES);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        libc.close(wakeFd);
    }

    private void run() {
        libc.prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
        var commands = new WanCommands(links, this::newLink);
        while (!stopping) {
            await(deliver());
            receive();
            answer(commands);
        }
        links.values().forEach(EmulatedLink::close);
    }

    private EmulatedLink newLink(Tap near, Tap far) {
        if (links.size() == MOST_LINKS) {
            throw new IllegalStateException("at most " + MOST_LINKS + " links");
        }
        near.open();
        try {
            far.open();
        } catch (IllegalStateException e) {
            near.close();
            throw e;
        }
        return new EmulatedLink(near, far, frames, random);
    }

    private long nowNs() {
        return System.nanoTime() - startNs;
    }

    /// Delivers what is due on every link and returns when the next frame is.
    private long deliver() {
        long nextNs = Long.MAX_VALUE;
        for (int i = 0; i < polled.size(); i++) {
            nextNs = Math.min(nextNs, polled.get(i).deliver(nowNs()));
        }
        return nextNs;
    }

    private void await(long untilNs) {
        long waitNs = Math.clamp(untilNs - nowNs(), 0, NS_PER_SECOND);
        timeout.set(ValueLayout.JAVA_LONG, 0, waitNs / NS_PER_SECOND);
        timeout.set(ValueLayout.JAVA_LONG, Long.BYTES, waitNs % NS_PER_SECOND);
        pollFd(0, wakeFd);
        for (int i = 0; i < polled.size(); i++) {
            pollFd(2 * i + 1, polled.get(i).near().fd());
            pollFd(2 * i + 2, polled.get(i).far().fd());
        }
        libc.ppoll(pollFds.address(), 2L * polled.size() + 1, timeout.address(), 0);
    }

    private void pollFd(int index, int fd) {
        long offset = (long) index * POLLFD;
        pollFds.set(ValueLayout.JAVA_INT, offset, fd);
        pollFds.set(ValueLayout.JAVA_SHORT, offset + POLLFD_EVENTS, POLLIN);
        pollFds.set(ValueLayout.JAVA_SHORT, offset + POLLFD_REVENTS, (short) 0);
    }

    private boolean isReady(int index) {
        return pollFds.get(ValueLayout.JAVA_SHORT, (long) index * POLLFD + POLLFD_REVENTS) != 0;
    }

    private void receive() {
        for (int i = 0; i < polled.size(); i++) {
            EmulatedLink link = polled.get(i);
            if (isReady(2 * i + 1)) {
                link.up().receive(nowNs());
            }
            if (isReady(2 * i + 2)) {
                link.down().receive(nowNs());
            }
        }
    }

    private void answer(WanCommands commands) {
        if (!isReady(0)) {
            return;
        }
        libc.read(wakeFd, wakeSink.address(), Long.BYTES);
        Request request = requests.poll();
        while (request != null) {
            try {
                request.answer().complete(commands.execute(request.line(), libc, nowNs()));
            } catch (IllegalArgumentException | IllegalStateException e) {
                request.answer().completeExceptionally(e);
            }
            request = requests.poll();
        }
        polled.clear();
        polled.addAll(links.values());
    }
}
