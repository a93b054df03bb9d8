package io.onebox.agent.verticle;

import io.netty.channel.IoRegistration;
import io.onebox.agent.dataplane.DutyCycle;
import io.onebox.agent.dataplane.NanoClock;
import io.onebox.agent.dataplane.PathSocket;
import io.onebox.agent.dataplane.TunDevice;
import io.onebox.agent.linux.TimerFd;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Calls a [DutyCycle] from the event loop of a context whenever a device is readable or a deadline comes.
/// Confined to that event loop.
///
/// ```
///   TUN fd ------+
///   UDP fds -----+--> epoll --> one turn of the cycle --> next deadline --> timerfd
///   timerfd -----+
/// ```
///
/// The first turn that throws is the last: every descriptor is let go, and the failure is told once.
final class DataPlaneLoop {

    private static final long NEVER = Long.MAX_VALUE;

    private final Context context;
    private final DutyCycle cycle;
    private final NanoClock clock;
    private final Consumer<Throwable> onFailure;
    private final TimerFd timer;
    private final IoRegistration timerRegistration;
    private final IoRegistration tunRegistration;
    private final Map<Integer, IoRegistration> socketRegistrations = new HashMap<>();
    private final LongSupplier turn;
    private final LongSupplier neighbourTurn;
    private long armedNs = NEVER;
    private boolean tunWatched = true;
    private boolean stopped;

    /// Starts to turn.
    ///
    /// @param onFailure told once if a turn throws
    DataPlaneLoop(
            Context context,
            DutyCycle cycle,
            TunDevice tun,
            TimerFd timer,
            NanoClock clock,
            Consumer<Throwable> onFailure) {
        this.context = context;
        this.cycle = cycle;
        this.clock = clock;
        this.onFailure = onFailure;
        this.timer = timer;
        this.turn = cycle::turn;
        this.neighbourTurn = cycle::onHandedOver;
        LongSupplier tunTurn = cycle::onTunReadable;
        this.tunRegistration = watch(tun.fd(), () -> run(tunTurn));
        this.timerRegistration = watch(timer.fd(), this::onTimer);
    }

    /// Takes a socket into the cycle.
    void addSocket(PathSocket socket) {
        LongSupplier socketTurn = () -> cycle.onSocketReadable(socket);
        socketRegistrations.put(socket.link(), watch(socket.fd(), () -> run(socketTurn)));
        cycle.addSocket(socket);
    }

    /// Closes the socket of a link, if there is one.
    void removeSocket(int link) {
        IoRegistration registration = socketRegistrations.remove(link);
        if (registration != null) {
            registration.cancel();
            cycle.removeSocket(link);
        }
    }

    /// Does what commands to the engine made due.
    void turn() {
        run(turn);
    }

    /// Takes what other shards handed over.
    void onHandedOver() {
        run(neighbourTurn);
    }

    /// Says goodbye to the peers and closes the sockets. TUN and timer stay, unwatched.
    void close() {
        if (!stopped) {
            letGo();
            cycle.close();
        }
    }

    private void onTimer() {
        if (!stopped) {
            timer.acknowledge();
            armedNs = NEVER;
            run(turn);
        }
    }

    private void run(LongSupplier work) {
        if (stopped) {
            return;
        }
        try {
            arm(work.getAsLong());
            if (cycle.wantsTun() != tunWatched) {
                tunWatched = !tunWatched;
                ReadableFd.wants(tunRegistration, tunWatched);
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /// Makes the turn before this the last.
    void fail(Throwable failure) {
        if (!stopped) {
            letGo();
            onFailure.accept(failure);
        }
    }

    /// Sets the timer if it would come too late. A timer that comes too early costs a turn, but setting it for
    /// every packet that moves the deadline away would cost a system call each.
    private void arm(long dueNs) {
        if (dueNs < armedNs) {
            armedNs = dueNs;
            timer.set(dueNs - clock.nowNs());
        }
    }

    private void letGo() {
        stopped = true;
        tunRegistration.cancel();
        timerRegistration.cancel();
        socketRegistrations.values().forEach(IoRegistration::cancel);
        socketRegistrations.clear();
    }

    private IoRegistration watch(int fd, Runnable action) {
        Future<IoRegistration> registered = ReadableFd.watch(context, fd, action);
        if (registered.failed()) {
            throw new IllegalStateException(registered.cause().getMessage(), registered.cause());
        }
        if (!registered.succeeded()) {
            throw new IllegalStateException("the data plane was started outside its event loop");
        }
        return registered.result();
    }
}
