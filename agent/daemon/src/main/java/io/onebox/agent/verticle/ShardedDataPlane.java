package io.onebox.agent.verticle;

import io.onebox.agent.dataplane.DataPlaneSnapshot;
import io.onebox.agent.dataplane.DeviceSnapshot;
import io.onebox.agent.dataplane.LinkSocketConfig;
import io.onebox.agent.dataplane.NanoClock;
import io.onebox.agent.dataplane.Neighbours;
import io.onebox.agent.linux.LazyArena;
import io.onebox.agent.linux.Libc;
import io.onebox.agent.verticle.DataPlaneVerticle.ElsewherePeer;
import io.onebox.engine.noise.PublicKey;
import io.onebox.engine.path.LinkSettings;
import io.onebox.engine.path.Shard;
import io.onebox.engine.session.LinkConfig;
import io.onebox.engine.session.PeerConfig;
import io.onebox.engine.session.SessionEvent;
import io.onebox.engine.stats.SessionSnapshot;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Several data planes that are one: each has its own event loop, socket, queue of the TUN device, packets and engine,
/// and the sessions of some peers. A peer belongs to the shard that had the fewest when it was put, as long as it is
/// there.
///
/// ```
///   UDP port --+-- socket 0 -- shard 0 -- queue 0 --+-- TUN
///    (filter)  |                 | rings            |  (follows flows)
///              +-- socket 1 -- shard 1 -- queue 1 --+
/// ```
public final class ShardedDataPlane implements DataPlane {

    private final List<DataPlaneVerticle> shards;
    private final Map<PublicKey, Integer> owners = new LinkedHashMap<>();

    private ShardedDataPlane(List<DataPlaneVerticle> shards) {
        this.shards = List.copyOf(shards);
    }

    /// Deploys a data plane: of one verticle, or of several.
    ///
    /// @param undo takes what undeploys each of them
    public static Future<DataPlane> deploy(
            Vertx vertx, Libc libc, DataPlaneSettings settings, NanoClock clock, int count, Consumer<Runnable> undo) {
        List<Neighbours> neighbours =
                count == 1 ? List.of(Neighbours.none()) : Neighbours.of(count, () -> LazyArena.ofAuto(libc));
        List<DataPlaneVerticle> shards = new ArrayList<>();
        Future<Void> deployed = Future.succeededFuture();
        for (int i = 0; i < count; i++) {
            var shard = new Shard(i, count);
            deployed = deployed.compose(_ -> {
                String tun = shards.isEmpty()
                        ? settings.tunName()
                        : shards.getFirst().tunName();
                var own = new DataPlaneSettings(
                        tun, settings.engine().of(shard), settings.packets(), neighbours.get(shard.number()));
                var verticle = new DataPlaneVerticle(libc, own, clock);
                shards.add(verticle);
                return vertx.deployVerticle(verticle)
                        .onSuccess(id -> undo.accept(() -> vertx.undeploy(id).await()))
                        .mapEmpty();
            });
        }
        return deployed.map(_ -> count == 1 ? shards.getFirst() : new ShardedDataPlane(shards));
    }

    @Override
    public Future<Void> putPeer(PeerConfig peer) {
        int owner = ownerOf(peer.publicKey());
        var known = new ElsewherePeer(owner, peer);
        return shards.get(owner)
                .putPeer(peer)
                .onFailure(_ -> forget(peer.publicKey()))
                .compose(_ -> inTurn(shard -> shard == shards.get(owner)
                        ? Future.succeededFuture()
                        : shard.putElsewhere(peer.publicKey(), known)));
    }

    @Override
    public Future<Void> removePeer(PublicKey peer) {
        forget(peer);
        return inTurn(shard -> shard.removePeer(peer).compose(_ -> shard.putElsewhere(peer, null)));
    }

    /// The number of the shard that has a peer, which is chosen now if it is new.
    private int ownerOf(PublicKey peer) {
        synchronized (owners) {
            return owners.computeIfAbsent(peer, _ -> leastUsed());
        }
    }

    private int leastUsed() {
        int[] peers = new int[shards.size()];
        owners.values().forEach(owner -> peers[owner]++);
        return IntStream.range(0, peers.length)
                .boxed()
                .min((one, other) -> Integer.compare(peers[one], peers[other]))
                .orElseThrow();
    }

    private void forget(PublicKey peer) {
        synchronized (owners) {
            owners.remove(peer);
        }
    }

    /// Opens a socket for each shard, on one port, which must be given.
    @Override
    public Future<Void> openLink(LinkSocketConfig link) {
        if (link.localPort() == 0) {
            return Future.failedFuture(new IllegalArgumentException("shards need a port to share"));
        }
        int id = link.link().id();
        return closeLink(id)
                .compose(_ -> inTurn(shard -> shard.openLink(link)))
                .recover(failure -> closeLink(id).transform(_ -> Future.failedFuture(failure)));
    }

    @Override
    public Future<Void> closeLink(int link) {
        return inTurn(shard -> shard.closeLink(link));
    }

    @Override
    public Future<Void> updateLink(LinkConfig link) {
        return inTurn(shard -> shard.updateLink(link));
    }

    @Override
    public Future<Void> changeLink(int link, LinkSettings settings) {
        return inTurn(shard -> shard.changeLink(link, settings));
    }

    @Override
    public void onEvent(Context context, Consumer<SessionEvent> handler) {
        shards.forEach(shard -> shard.onEvent(context, handler));
    }

    @Override
    public Future<DataPlaneSnapshot> snapshot() {
        List<Future<DataPlaneSnapshot>> parts =
                shards.stream().map(DataPlane::snapshot).toList();
        return Future.all(parts).map(all -> joined(all.list()));
    }

    private DataPlaneSnapshot joined(List<DataPlaneSnapshot> parts) {
        Map<String, SessionSnapshot> sessions = parts.stream()
                .flatMap(part -> part.sessions().stream())
                .collect(Collectors.toMap(SessionSnapshot::peer, Function.identity()));
        Map<String, Long> unclaimed = new LinkedHashMap<>();
        Map<String, DeviceSnapshot> devices = new LinkedHashMap<>();
        for (DataPlaneSnapshot part : parts) {
            part.unclaimed().forEach((reason, count) -> unclaimed.merge(reason, count, Long::sum));
            part.devices().forEach(device -> devices.merge(device.device(), device, DeviceSnapshot::plus));
        }
        return new DataPlaneSnapshot(
                parts.getFirst().nowNs(),
                parts.stream().allMatch(DataPlaneSnapshot::up),
                inOrder(sessions),
                unclaimed,
                List.copyOf(devices.values()),
                parts.stream().mapToInt(DataPlaneSnapshot::packetsInUse).sum(),
                parts.stream().mapToInt(DataPlaneSnapshot::packets).sum());
    }

    /// Sessions in the order their peers were put.
    private List<SessionSnapshot> inOrder(Map<String, SessionSnapshot> sessions) {
        List<String> peers;
        synchronized (owners) {
            peers = owners.keySet().stream().map(PublicKey::toString).toList();
        }
        return peers.stream().filter(sessions::containsKey).map(sessions::get).toList();
    }

    @Override
    public Future<Void> mtu(int mtuBytes) {
        return shards.getFirst().mtu(mtuBytes);
    }

    @Override
    public Future<Void> up() {
        return inTurn(DataPlane::up);
    }

    @Override
    public Future<Void> down() {
        return inTurn(DataPlane::down);
    }

    @Override
    public Future<Void> stopped() {
        return Future.all(shards.stream().map(DataPlane::stopped).toList()).mapEmpty();
    }

    /// Asks one shard after the other: sockets must be opened in order.
    private Future<Void> inTurn(Function<DataPlaneVerticle, Future<Void>> request) {
        Future<Void> done = Future.succeededFuture();
        for (DataPlaneVerticle shard : shards) {
            done = done.compose(_ -> request.apply(shard));
        }
        return done;
    }
}
