package io.onebox.agent.verticle;

import io.onebox.agent.dataplane.DataPlaneSnapshot;
import io.onebox.agent.dataplane.DutyCycle;
import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.agent.dataplane.NanoClock;
import io.onebox.agent.dataplane.TunDevice;
import io.onebox.agent.linux.LazyArena;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.LinuxPathSocket;
import io.onebox.agent.linux.LinuxTun;
import io.onebox.agent.linux.TimerFd;
import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.packet.PacketPool;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.session.EngineConfig;
import io.onebox.engine.session.LinkConfig;
import io.onebox.engine.session.PeerConfig;
import io.onebox.engine.session.SessionEvent;
import io.onebox.engine.session.Sessions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the packets on its event loop, and nothing else does. Takes commands from other threads through
/// [DataPlane]; needs an event loop with epoll of its own.
public final class DataPlaneVerticle extends VerticleBase implements DataPlane {

    private static final Logger log = LoggerFactory.getLogger(DataPlaneVerticle.class);

    private final Libc libc;
    private final DataPlaneSettings settings;
    private final NanoClock clock;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Promise<Void> stopped = Promise.promise();
    private final Map<PublicKey, PeerConfig> peers = new LinkedHashMap<>();
    private final Map<PublicKey, ElsewherePeer> elsewhere = new LinkedHashMap<>();
    private final Map<Integer, LinkSocketConfig> links = new LinkedHashMap<>();
    private @Nullable TunDevice tun;
    private @Nullable TimerFd timer;
    private @Nullable Life life;

    /// Creates what deployment starts.
    public DataPlaneVerticle(Libc libc, DataPlaneSettings settings, NanoClock clock) {
        this.libc = libc;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void onEvent(Context context, Consumer<SessionEvent> handler) {
        listeners.add(new Listener(context, handler));
    }

    /// Creates the TUN device and comes up.
    ///
    /// @return fails with a `LinuxException` if there is no TUN device or no right to it
    @Override
    public Future<?> start() {
        LinuxTun opened =
                LinuxTun.open(libc, settings.tunName(), settings.engine().shard());
        tun = opened;
        try {
            timer = new TimerFd(libc);
            settings.neighbours().onBell(() -> context.runOnContext(_ -> onBell()));
            begin(settings.engine());
        } catch (RuntimeException e) {
            closeDevices();
            throw e;
        }
        log.atInfo()
                .addKeyValue("tun", opened.name())
                .addKeyValue("offloads", opened.offloads())
                .log("data plane started");
        return Future.succeededFuture();
    }

    /// Says goodbye to the peers, then gives back every device.
    @Override
    public Future<?> stop() {
        end();
        closeDevices();
        if (stopped.tryComplete()) {
            log.info("data plane stopped");
        }
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> putPeer(PeerConfig peer) {
        return change(() -> {
            peers.put(peer.publicKey(), peer);
            if (life != null) {
                life.sessions().putPeer(peer, clock.nowNs());
            }
        });
    }

    @Override
    public Future<Void> removePeer(PublicKey peer) {
        return change(() -> {
            if (peers.remove(peer) != null && life != null) {
                life.sessions().removePeer(peer, clock.nowNs());
            }
        });
    }

    /// Notes a peer that another shard has, or has no more.
    ///
    /// @param owner number of the shard that has it, or `null`
    Future<Void> putElsewhere(PublicKey peer, @Nullable ElsewherePeer owner) {
        return change(() -> {
            if (owner == null) {
                elsewhere.remove(peer);
                if (life != null) {
                    life.sessions().removeElsewhere(peer);
                }
            } else {
                elsewhere.put(peer, owner);
                if (life != null) {
                    life.sessions().putElsewhere(owner.peer(), owner.shard());
                }
            }
        });
    }

    /// Name of the TUN device, or its pattern before the start.
    String tunName() {
        return tun == null ? settings.tunName() : tun.name();
    }

    @Override
    public Future<Void> openLink(LinkSocketConfig link) {
        return change(() -> {
            forget(link.link().id());
            links.put(link.link().id(), link);
            if (life != null) {
                open(life, link);
            }
        });
    }

    @Override
    public Future<Void> closeLink(int link) {
        return change(() -> forget(link));
    }

    @Override
    public Future<Void> updateLink(LinkConfig link) {
        return change(() -> {
            LinkSocketConfig known = known(link.id());
            links.put(link.id(), new LinkSocketConfig(link, known.boundInterface(), known.localPort(), known.fwmark()));
            if (life != null) {
                life.sessions().putLink(link, clock.nowNs());
            }
        });
    }

    @Override
    public Future<Void> changeLink(int link, LinkSettings change) {
        return change(() -> {
            LinkSocketConfig known = known(link);
            LinkConfig old = known.link();
            var changed = new LinkConfig(link, old.name(), change, old.ipv4(), old.ipv6(), old.mtuBytes());
            links.put(link, new LinkSocketConfig(changed, known.boundInterface(), known.localPort(), known.fwmark()));
            if (life != null) {
                life.sessions().changeLink(link, change, clock.nowNs());
            }
        });
    }

    @Override
    public Future<DataPlaneSnapshot> snapshot() {
        return command(() -> {
            long nowNs = clock.nowNs();
            if (life == null) {
                return new DataPlaneSnapshot(nowNs, false, List.of(), Map.of(), List.of(), 0, settings.packets());
            }
            return new DataPlaneSnapshot(
                    nowNs,
                    true,
                    life.sessions().snapshot(nowNs),
                    life.sessions().unclaimedDrops(),
                    life.cycle().devices(this::nameOf),
                    life.pool().capacity() - life.pool().available(),
                    life.pool().capacity());
        });
    }

    @Override
    public Future<Void> mtu(int mtuBytes) {
        return change(() -> {
            if (tun != null) {
                tun.mtu(mtuBytes);
            }
        });
    }

    @Override
    public Future<Void> up() {
        return change(() -> {
            if (life == null) {
                begin(settings.engine().reborn());
                log.info("data plane up");
            }
        });
    }

    @Override
    public Future<Void> down() {
        return change(() -> {
            if (life != null) {
                end();
                log.info("data plane down");
            }
        });
    }

    @Override
    public Future<Void> stopped() {
        return stopped.future();
    }

    /// Begins a life of the engine with the peers and links there are. A link that cannot be opened stays away.
    private void begin(EngineConfig engine) {
        TunDevice device = tun;
        TimerFd deadline = timer;
        if (device == null || deadline == null) {
            throw new IllegalStateException("the data plane has stopped");
        }
        var pool = new PacketPool(LazyArena.ofAuto(libc), settings.packets());
        var cycle = new DutyCycle(
                device,
                pool,
                clock,
                outbox -> new Sessions(engine, pool, outbox),
                this::tellListeners,
                settings.neighbours());
        var begun = new Life(pool, cycle, new DataPlaneLoop(context, cycle, device, deadline, clock, this::onFailure));
        life = begun;
        peers.values().forEach(peer -> begun.sessions().putPeer(peer, clock.nowNs()));
        elsewhere.values().forEach(owner -> begun.sessions().putElsewhere(owner.peer(), owner.shard()));
        for (LinkSocketConfig link : List.copyOf(links.values())) {
            try {
                open(begun, link);
            } catch (RuntimeException e) {
                log.atWarn()
                        .addKeyValue("link", link.link().name())
                        .addKeyValue("reason", e.getMessage())
                        .log("link not opened");
            }
        }
        begun.loop().turn();
    }

    private void end() {
        if (life != null) {
            life.loop().close();
            life = null;
        }
    }

    private void open(Life current, LinkSocketConfig link) {
        try {
            current.loop()
                    .addSocket(LinuxPathSocket.open(
                            libc, link, current.pool(), settings.engine().shard()));
            current.sessions().putLink(link.link(), clock.nowNs());
        } catch (RuntimeException e) {
            links.remove(link.link().id());
            throw e;
        }
    }

    private void onBell() {
        if (life != null) {
            life.loop().onHandedOver();
        }
    }

    private void forget(int link) {
        Life current = life;
        if (links.remove(link) != null && current != null) {
            current.sessions().removeLink(link, clock.nowNs());
            current.loop().turn();
            current.loop().removeSocket(link);
        }
    }

    private LinkSocketConfig known(int link) {
        LinkSocketConfig known = links.get(link);
        if (known == null) {
            throw new IllegalStateException("no link " + link + " is open");
        }
        return known;
    }

    private String nameOf(int link) {
        return known(link).link().name();
    }

    private void tellListeners(SessionEvent event) {
        for (Listener listener : listeners) {
            listener.context().runOnContext(_ -> listener.handler().accept(event));
        }
    }

    /// A turn threw: nothing can be known about the state of the engine, so the process must start anew.
    private void onFailure(Throwable failure) {
        log.atError().setCause(failure).log("data plane broke");
        if (life != null) {
            life.cycle().closeSockets();
            life = null;
        }
        closeDevices();
        stopped.tryFail(failure);
    }

    private void closeDevices() {
        if (tun != null) {
            tun.close();
            tun = null;
        }
        if (timer != null) {
            timer.close();
            timer = null;
        }
    }

    /// Runs `work` on the event loop and takes a turn, so that it has an effect at once.
    private Future<Void> change(Runnable work) {
        return command(() -> {
            work.run();
            if (life != null) {
                life.loop().turn();
            }
            return null;
        });
    }

    /// Runs `work` on the event loop; the result comes back on the caller's context.
    private <T extends @Nullable Object> Future<T> command(Supplier<T> work) {
        if (context == null) {
            return Future.failedFuture("the data plane is not deployed");
        }
        Promise<T> promise = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(_ -> {
            try {
                if (tun == null) {
                    throw new IllegalStateException("the data plane has stopped");
                }
                promise.complete(work.get());
            } catch (RuntimeException e) {
                promise.fail(e);
            } catch (Error e) {
                promise.fail(e);
                if (life != null) {
                    life.loop().fail(e);
                }
            }
        });
        return promise.future();
    }

    /// A life of the engine, from up to down: sessions do not survive it, devices do.
    private record Life(PacketPool pool, DutyCycle cycle, DataPlaneLoop loop) {
        Sessions sessions() {
            return cycle.sessions();
        }
    }

    /// A peer of another shard.
    record ElsewherePeer(int shard, PeerConfig peer) {}

    private record Listener(Context context, Consumer<SessionEvent> handler) {}
}
