package io.onebox.engine.queue;

import io.onebox.engine.packet.IpFlyweight;
import org.jspecify.annotations.Nullable;

/// Tells sparse flows from bulk ones: calls, pings, look-ups and games want the shortest way, downloads
/// want all of them.
///
/// A flow is sparse below 64 KB/s or in its first 30 packets (protocol.md, 2), and stays bulk until it
/// pauses, so that its packets do not overtake each other when it gets slower.
///
/// TCP is bulk from its first packet, except for remote shells: congestion control takes the round trip
/// of the first packets for that of the flow, and a later step up costs Cubic its slow start and BBR half
/// its window for ten seconds (docs/decisions/0012).
public final class FlowTable {

    /// What a packet is.
    public enum Kind {
        /// Of a flow that needs little.
        SPARSE,
        /// An acknowledgement of TCP without payload: order does not matter to it.
        ACKNOWLEDGEMENT,
        /// Of a flow that takes what it gets.
        BULK
    }

    private static final int FLOWS = 4_096;
    private static final int SPARSE_PACKETS = 30;
    private static final long SPARSE_BYTES_PER_SECOND = 64_000;

    /// Rates are counted over this; a guess: shorter than a page takes to load.
    private static final long WINDOW_NS = 100_000_000;

    /// A flow that pauses longer starts afresh: nothing of it can be in flight. A guess.
    private static final long PAUSE_NS = 2_000_000_000L;

    private static final long WINDOW_BYTES = SPARSE_BYTES_PER_SECOND * WINDOW_NS / 1_000_000_000L;

    /// Expedited forwarding and class selector 5 (RFC 3246, RFC 2474).
    private static final int EXPEDITED = 46;

    private static final int CLASS_SELECTOR_5 = 40;

    /// Port of remote shells (IANA).
    private static final int SSH = 22;

    private final @Nullable Flow[] flows = new Flow[FLOWS];

    /// Counts a packet in.
    public Kind onPacket(IpFlyweight ip, int hash, int length, long nowNs) {
        if (ip.isPureAck()) {
            return Kind.ACKNOWLEDGEMENT;
        }
        int dscp = ip.dscp();
        if (dscp == EXPEDITED || dscp >= CLASS_SELECTOR_5) {
            return Kind.SPARSE;
        }
        if (ip.protocol() == IpFlyweight.TCP && !ip.hasPort(SSH)) {
            return Kind.BULK;
        }
        return flow((hash ^ hash >>> 16) & FLOWS - 1).isBulk(length, nowNs) ? Kind.BULK : Kind.SPARSE;
    }

    /// Made when it is first needed, and kept: a server has hundreds of sessions with few flows.
    private Flow flow(int slot) {
        Flow flow = flows[slot];
        if (flow == null) {
            flow = new Flow();
            flows[slot] = flow;
        }
        return flow;
    }

    private static final class Flow {

        private long lastNs = -PAUSE_NS;
        private long windowNs;
        private int windowBytes;
        private int packets;
        private boolean bulk;

        boolean isBulk(int length, long nowNs) {
            if (nowNs - lastNs > PAUSE_NS) {
                packets = 0;
                windowBytes = 0;
                windowNs = nowNs;
                bulk = false;
            }
            lastNs = nowNs;
            packets++;
            if (nowNs - windowNs > WINDOW_NS) {
                windowNs = nowNs;
                windowBytes = 0;
            }
            windowBytes += length;
            bulk |= packets > SPARSE_PACKETS && windowBytes > WINDOW_BYTES;
            return bulk;
        }
    }
}
