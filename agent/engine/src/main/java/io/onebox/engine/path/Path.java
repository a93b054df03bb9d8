package io.onebox.engine.path;

import io.onebox.engine.noise.Aead;
import io.onebox.engine.noise.HandshakeContext;
import io.onebox.engine.noise.Keypair;
import io.onebox.engine.noise.PeerIdentity;
import io.onebox.engine.packet.Packet;
import io.onebox.engine.repair.InFlight;
import io.onebox.engine.wire.AckFlyweight;
import io.onebox.engine.wire.DataFlyweight;
import io.onebox.engine.wire.TransportFlyweight;

/// A way to the peer: a local link and a remote endpoint, with keys, quality, rate and accounts of its
/// own. Confined to one thread.
public final class Path {

    /// Content of a message that the peer will not acknowledge.
    public static final long UNRELIABLE = Long.MIN_VALUE;

    /// IP and UDP headers in front of a message, for the rate on the wire; IPv4 without options.
    public static final int OUTER_BYTES = 28;

    private static final int SEALED_BYTES = TransportFlyweight.HEADER_LENGTH + Aead.TAG_LENGTH;

    /// In flight beyond two bandwidth-delay products (protocol.md, 2).
    private static final int SLACK_BYTES = 8 * 1_500;

    /// The same while its capacity is being searched for: two of TCP's initial windows (RFC 6928); a guess.
    private static final int FIRST_BYTES = 20 * 1_500;

    /// More than any interface sends: 100 Gbit/s.
    private static final long UNPACED_BYTES_PER_SECOND = 12_500_000_000L;

    /// More messages than plain loss takes in a row: at 10 %, one time in 10,000. A guess.
    private static final int FEW_MESSAGES = 3;

    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long NS_PER_US = 1_000;

    private final int id;
    private final int session;
    private final PathKeys keys;
    private final PathLife life;
    private final Remote remote = new Remote();
    private final RttEstimator rtt = new RttEstimator();
    private final QueueDelay queueDelay = new QueueDelay();
    private final DeliveryRate deliveryRate = new DeliveryRate();
    private final RateModel rate = new RateModel();
    private final PacketTrain train = new PacketTrain();
    private final Pacer pacer = new Pacer();
    private final LossEstimator loss = new LossEstimator();
    private final InFlight inFlight = new InFlight();
    private final AckCollector acks = new AckCollector();
    private final Arrivals arrivals = new Arrivals();
    private final PathCounters counters = new PathCounters();
    private final PathUseState use = new PathUseState();
    private final MtuSearch mtu = new MtuSearch();
    private final AckReader ackReader = new AckReader(this);
    private final TransportFlyweight header = new TransportFlyweight();

    private int sealingIndex;
    private long numberOffset;
    private int previousIndex;
    private long previousOffset;
    private boolean hasSealed;
    private long peerCapacity;
    private boolean plain;
    private long lastKeepaliveNs = Long.MIN_VALUE / 2;

    /// Creates a path without keys.
    ///
    /// @param id `0..255`, chosen by the initiator
    /// @param session whatever tells the owner which session it belongs to
    public Path(int id, int session, HandshakeContext context, PeerIdentity peer, IndexTable indices) {
        this.id = id;
        this.session = session;
        this.keys = new PathKeys(context, peer, indices, this);
        this.life = new PathLife(rtt);
    }

    /// Number of the path, the same at both ends.
    public int id() {
        return id;
    }

    /// Which session it belongs to.
    public int session() {
        return session;
    }

    /// Its keys.
    public PathKeys keys() {
        return keys;
    }

    /// Its state and the reasons to change it.
    public PathLife life() {
        return life;
    }

    /// Where it is in its life.
    public PathState state() {
        return life.state();
    }

    /// Where its datagrams go.
    public Remote remote() {
        return remote;
    }

    /// Round trips.
    public RttEstimator rtt() {
        return rtt;
    }

    /// Delay towards the peer.
    public QueueDelay queueDelay() {
        return queueDelay;
    }

    /// How messages arrive here.
    public Arrivals arrivals() {
        return arrivals;
    }

    /// What to acknowledge.
    public AckCollector acks() {
        return acks;
    }

    /// What is in flight.
    public InFlight inFlight() {
        return inFlight;
    }

    /// Loss towards the peer.
    public LossEstimator loss() {
        return loss;
    }

    /// The first measurement of that rate.
    public PacketTrain train() {
        return train;
    }

    /// Rate towards the peer.
    public RateModel rate() {
        return rate;
    }

    /// Delivery towards the peer.
    DeliveryRate deliveryRate() {
        return deliveryRate;
    }

    /// How both ends want it used.
    public PathUseState use() {
        return use;
    }

    /// Bytes and messages, out and in.
    public PathCounters counters() {
        return counters;
    }

    /// Search of the largest outer IP packet.
    public MtuSearch mtu() {
        return mtu;
    }

    /// Whether the peer speaks plain WireGuard: nothing is acknowledged, so nothing is measured or paced.
    public void plain(boolean plain) {
        this.plain = plain;
        mtu.assume(plain);
    }

    /// What an inner packet may have at the most to fit this path.
    public int innerBytes() {
        return mtu.mtuBytes() - remote.headerBytes() - SEALED_BYTES - DataFlyweight.LENGTH;
    }

    /// What a control frame must be padded by to go in an IP packet of `packetBytes`.
    ///
    /// @param frameBytes length of the frame without padding
    public int padding(int packetBytes, int frameBytes) {
        return packetBytes - remote.headerBytes() - SEALED_BYTES - frameBytes;
    }

    /// Takes in how long a message was that reached the peer.
    public void onReceivedByPeer(int messageBytes, long nowNs) {
        mtu.onAnswer(messageBytes + remote.headerBytes(), nowNs);
    }

    /// Bytes per second to send now: what the model says, within the limits of both ends.
    public long bytesPerSecond() {
        long limit = use.rateLimit();
        long pace = plain ? UNPACED_BYTES_PER_SECOND : rate.pace();
        return limit > 0 ? Math.min(limit, pace) : pace;
    }

    /// Bytes per second it is believed to carry, or 0 if not known.
    public long capacity() {
        long limit = use.rateLimit();
        return limit > 0 ? Math.min(limit, rate.estimate()) : rate.estimate();
    }

    /// Bytes per second that the peer believes it to carry towards us, or 0 if not told.
    public long peerCapacity() {
        return peerCapacity;
    }

    /// Takes in what the peer believes of its direction.
    public void onPeerCapacity(long bytesPerSecond) {
        peerCapacity = bytesPerSecond;
    }

    /// How long a message has to wait before the pacer lets it go.
    public long waitNs(long nowNs) {
        return pacer.waitNs(nowNs);
    }

    /// When the pacer lets the next message go.
    public long readyNs() {
        return pacer.readyNs();
    }

    /// Whether more may be in flight: a wrong estimate must not fill a modem.
    public boolean hasWindow() {
        long roundNs = rtt.minNs() + AckCollector.intervalNs(rtt.minNs());
        long window = 2 * rate.estimate() / 1_000 * roundNs / 1_000_000;
        return inFlight.bytesInFlight() < window + (rate.isSearching() ? FIRST_BYTES : SLACK_BYTES);
    }

    /// When the last byte of a message handed over now would reach the peer, after now; comparable
    /// between the paths of a session, and negative where the peer's clock is behind.
    public long arrivalNs(int length, long nowNs) {
        long delayNs = queueDelay.isKnown() ? queueDelay.oneWayNs() : rtt.srttNs() / 2;
        return pacer.backlogNs(nowNs) + length * NS_PER_SECOND / bytesPerSecond() + delayNs;
    }

    /// Notes that there was nothing to send although the path could.
    public void onIdle(long nowNs) {
        deliveryRate.onIdle(nowNs);
    }

    /// Seals the content of `message` into `out`, ready to go, and accounts for it.
    ///
    /// @param content what an acknowledgement will be reported as, or [#UNRELIABLE]
    /// @return whether there were keys to seal with; if not, nothing happened
    public boolean seal(Packet message, Packet out, long content, InFlight.Fate fate, long nowNs) {
        Keypair keypair = keys.sealing(nowNs);
        if (keypair == null) {
            return false;
        }
        follow(keypair);
        long counter = keypair.nextCounter();
        int sealedLength = TransportFlyweight.HEADER_LENGTH + message.length() + Aead.TAG_LENGTH;
        out.content(Packet.HEADROOM, sealedLength);
        header.wrap(out.segment(), out.offset()).start(keypair.remoteIndex(), counter);
        keypair.sealing()
                .seal(
                        counter,
                        message.segment(),
                        message.offset(),
                        message.length(),
                        out.segment(),
                        out.offset() + TransportFlyweight.HEADER_LENGTH);
        remote.address(out);
        onSent(sealedLength, content, fate, nowNs);
        return true;
    }

    /// When an empty message was last sent.
    public long lastKeepaliveNs() {
        return lastKeepaliveNs;
    }

    /// Notes that an empty message is sent.
    public void onKeepalive(long nowNs) {
        lastKeepaliveNs = nowNs;
    }

    /// Accounts for a datagram that is no transport message.
    public void onHandshakeSent(int length) {
        counters.onSent(length);
    }

    /// Counts a handshake message that proved authentic.
    public void onHandshakeReceived(int length) {
        counters.onReceived(length);
    }

    /// Takes in an authentic message.
    public void onAuthentic(int index, long counter, int length, long nowNs) {
        counters.onReceived(length);
        arrivals.onMessage(nowNs);
        acks.onMessage(index, counter, length + OUTER_BYTES, nowNs);
    }

    /// Takes in what the peer tells of this path.
    public void onAck(AckFlyweight ack, long reportReferenceNs, InFlight.Fate fate, long nowNs) {
        long offset;
        if (hasSealed && ack.receiverIndex() == sealingIndex) {
            offset = numberOffset;
        } else if (hasSealed && ack.receiverIndex() == previousIndex) {
            offset = previousOffset;
        } else {
            return;
        }
        ackReader.onAck(ack, offset, reportReferenceNs, fate, nowNs);
    }

    /// Takes in the answer to a probe.
    ///
    /// @param rttNs round trip, the peer's delay subtracted
    /// @param oneWayUs one-way delay as the peer saw it
    public void onProbeReply(long rttNs, int oneWayUs, long reportReferenceNs, long nowNs) {
        rtt.onSample(rttNs, nowNs);
        queueDelay.onSample(extendUs(oneWayUs, reportReferenceNs), nowNs);
        life.onAnswer(nowNs);
    }

    /// The peer began a new life, with another clock: what was learnt from its times is void.
    public void onPeerRestarted() {
        arrivals.restart();
        queueDelay.restart();
        deliveryRate.restart();
        ackReader.restart();
        peerCapacity = 0;
    }

    /// Acknowledgements are overdue. If only a few messages wait for theirs, as at the end of a burst, plain loss
    /// is more likely than a dead path: they alone are taken for lost, and the path is asked.
    ///
    /// @return whether that is so, and the first time
    public boolean askForFew(InFlight.Fate fate, long nowNs) {
        if (life.state() != PathState.USABLE
                || life.isAsked()
                || !inFlight.loseFew(FEW_MESSAGES, nowNs - rtt.srttNs(), fate)) {
            return false;
        }
        life.ask(nowNs);
        return true;
    }

    /// Everything in flight is taken for lost: the path is in doubt.
    public void loseInFlight(InFlight.Fate fate) {
        ackReader.loseInFlight(fate);
        deliveryRate.restart();
    }

    /// Erases the keys and forgets what is in flight.
    public void close(InFlight.Fate fate) {
        inFlight.loseAll(fate);
        keys.clear();
    }

    /// The delay nearest to `referenceNs` whose low 32 bits, in microseconds, are `us`.
    static long extendUs(int us, long referenceNs) {
        long referenceUs = referenceNs / NS_PER_US;
        return (referenceUs + (us - (int) referenceUs)) * NS_PER_US;
    }

    private void onSent(int length, long content, InFlight.Fate fate, long nowNs) {
        counters.onSent(length);
        pacer.onSend(length + OUTER_BYTES, bytesPerSecond(), nowNs);
        if (content == UNRELIABLE) {
            inFlight.onSentUnreliable(fate);
        } else {
            inFlight.onSent(content, length + OUTER_BYTES, nowNs, fate);
            life.onEliciting(nowNs);
        }
    }

    /// Keeps the numbers of messages going on where an older keypair ended.
    private void follow(Keypair keypair) {
        if (hasSealed && keypair.remoteIndex() == sealingIndex) {
            return;
        }
        previousIndex = sealingIndex;
        previousOffset = numberOffset;
        sealingIndex = keypair.remoteIndex();
        numberOffset = inFlight.next() - keypair.counter();
        hasSealed = true;
    }
}
