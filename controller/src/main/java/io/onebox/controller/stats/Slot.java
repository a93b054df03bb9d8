package io.onebox.controller.stats;

import io.onebox.shared.message.LinkStats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// What a link carried in one slot of a ring. What was not measured is not a number.
///
/// ```
///  0        4        8        12       16       20       24       28       32       36       40
/// +--------+--------+--------+--------+--------+--------+--------+--------+--------+--------+
/// | start  | weight |   rx   |   tx   | RTT min| RTT    | RTT max| jitter |  loss  | CRC-32 |
/// +--------+--------+--------+--------+--------+--------+--------+--------+--------+--------+
/// ```
///
/// All little endian: start in seconds since 1970 and weight in seconds are integers, the rest are floats.
///
/// @param start seconds since 1970
/// @param weight seconds that were measured
record Slot(
        long start,
        int weight,
        float rxBitsPerSecond,
        float txBitsPerSecond,
        float rttMinSeconds,
        float rttSeconds,
        float rttMaxSeconds,
        float jitterSeconds,
        float lossRatio) {

    static final int BYTES = 40;

    private static final int CHECKED = BYTES - Integer.BYTES;

    /// What an agent said of some seconds.
    static Slot of(long start, int seconds, LinkStats link) {
        LinkStats.Rtt rtt = link.rtt();
        return new Slot(
                start,
                seconds,
                (float) link.rxBitsPerSecond(),
                (float) link.txBitsPerSecond(),
                rtt == null ? Float.NaN : (float) rtt.minSeconds(),
                rtt == null ? Float.NaN : (float) rtt.meanSeconds(),
                rtt == null ? Float.NaN : (float) rtt.maxSeconds(),
                orNaN(link.jitterSeconds()),
                orNaN(link.lossRatio()));
    }

    private static float orNaN(@Nullable Double value) {
        return value == null ? Float.NaN : value.floatValue();
    }

    /// The same, as part of a longer stretch of time.
    Slot startingAt(long other) {
        return new Slot(
                other,
                weight,
                rxBitsPerSecond,
                txBitsPerSecond,
                rttMinSeconds,
                rttSeconds,
                rttMaxSeconds,
                jitterSeconds,
                lossRatio);
    }

    /// Both together, in the slot of this one.
    Slot and(Slot other) {
        return new Slot(
                start,
                weight + other.weight,
                mean(rxBitsPerSecond, other.rxBitsPerSecond, other.weight),
                mean(txBitsPerSecond, other.txBitsPerSecond, other.weight),
                either(rttMinSeconds, other.rttMinSeconds, Math.min(rttMinSeconds, other.rttMinSeconds)),
                mean(rttSeconds, other.rttSeconds, other.weight),
                either(rttMaxSeconds, other.rttMaxSeconds, Math.max(rttMaxSeconds, other.rttMaxSeconds)),
                mean(jitterSeconds, other.jitterSeconds, other.weight),
                mean(lossRatio, other.lossRatio, other.weight));
    }

    private float mean(float mine, float others, int othersWeight) {
        return either(mine, others, (mine * weight + others * othersWeight) / (weight + othersWeight));
    }

    /// The one that was measured, or what both make.
    private static float either(float mine, float others, float both) {
        if (Float.isNaN(mine)) {
            return others;
        }
        return Float.isNaN(others) ? mine : both;
    }

    /// As the API tells it.
    History.Point point(String link) {
        boolean hasRtt = !Float.isNaN(rttSeconds);
        return new History.Point(
                Instant.ofEpochSecond(start),
                new LinkStats(
                        link,
                        "",
                        rxBitsPerSecond,
                        txBitsPerSecond,
                        hasRtt ? new LinkStats.Rtt(rttMinSeconds, rttSeconds, rttMaxSeconds) : null,
                        orNull(jitterSeconds),
                        orNull(lossRatio),
                        null));
    }

    private static @Nullable Double orNull(float value) {
        return Float.isNaN(value) ? null : (double) value;
    }

    /// Reads a slot; empty if it was never written, or not to its end.
    static Optional<Slot> read(ByteBuffer bytes) {
        ByteBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN);
        int crc = in.getInt(CHECKED);
        if (in.getInt(0) == 0 || crc != crc(in)) {
            return Optional.empty();
        }
        return Optional.of(new Slot(
                Integer.toUnsignedLong(in.getInt()),
                in.getInt(),
                in.getFloat(),
                in.getFloat(),
                in.getFloat(),
                in.getFloat(),
                in.getFloat(),
                in.getFloat(),
                in.getFloat()));
    }

    ByteBuffer bytes() {
        ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt((int) start).putInt(weight);
        out.putFloat(rxBitsPerSecond).putFloat(txBitsPerSecond);
        out.putFloat(rttMinSeconds).putFloat(rttSeconds).putFloat(rttMaxSeconds);
        out.putFloat(jitterSeconds).putFloat(lossRatio);
        out.putInt(crc(out));
        return out.flip();
    }

    private static int crc(ByteBuffer bytes) {
        var crc = new CRC32();
        crc.update(bytes.array(), bytes.arrayOffset(), CHECKED);
        return (int) crc.getValue();
    }
}
