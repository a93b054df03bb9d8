package io.onebox.engine.wire;

/// Send times on the wire: the sender's clock in units of 100 us, modulo 2^16 (6.5 s).
public final class SendTime {

    private static final long UNIT_NS = 100_000;
    private static final long SPAN_NS = UNIT_NS << Short.SIZE;

    private SendTime() {}

    /// The wire form of `nowNs`.
    public static int of(long nowNs) {
        return (int) (nowNs / UNIT_NS) & 0xffff;
    }

    /// One-way delay plus the unknown distance of the clocks, in the turn nearest to `referenceNs`, so
    /// that values of one peer can be compared and subtracted.
    public static long oneWayNs(int sendTime, long arrivalNs, long referenceNs) {
        long raw = arrivalNs - sendTime * UNIT_NS;
        long turns = Math.round((double) (referenceNs - raw) / SPAN_NS);
        return raw + turns * SPAN_NS;
    }
}
