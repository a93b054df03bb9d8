package io.onebox.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// [AckFlyweight] and [DataFlyweight].
class AckFlyweightTest {

    private static final int OFFSET = 5;

    private final MemorySegment segment =
            MemorySegment.ofArray(new byte[OFFSET + AckFlyweight.LENGTH + 1]).fill((byte) 0xee);
    private final AckFlyweight ack = new AckFlyweight().wrap(segment, OFFSET);

    @Test
    void keepsEachFieldApart() {
        ack.start(200, 0x01020304, 0x05060708090a0b0cL).times(11, 12, 13).totals(14, 15);
        for (int word = 0; word < 4; word++) {
            ack.bitmap(word, 0);
        }

        assertThat(ack.pathId()).isEqualTo(200);
        assertThat(ack.receiverIndex()).isEqualTo(0x01020304);
        assertThat(ack.largest()).isEqualTo(0x05060708090a0b0cL);
        assertThat(ack.delayUs()).isEqualTo(11);
        assertThat(ack.arrivalUs()).isEqualTo(12);
        assertThat(ack.leastOneWayUs()).isEqualTo(13);
        assertThat(ack.messages()).isEqualTo(14);
        assertThat(ack.bytes()).isEqualTo(15);
        assertThat(segment.get(ValueLayout.JAVA_BYTE, OFFSET)).isEqualTo(AckFlyweight.TYPE);
        assertThat(segment.get(ValueLayout.JAVA_BYTE, OFFSET + 1))
                .isEqualTo((byte) (AckFlyweight.LENGTH - ControlFrameCodec.HEADER_LENGTH));
        assertThat(segment.get(ValueLayout.JAVA_BYTE, OFFSET - 1)).isEqualTo((byte) 0xee);
        assertThat(segment.get(ValueLayout.JAVA_BYTE, OFFSET + AckFlyweight.LENGTH))
                .isEqualTo((byte) 0xee);
    }

    @Seeded
    void tellsOfTheLargestAndTheTwoHundredAndFiftySixBelow(RandomGenerator random) {
        long largest = random.nextLong(1_000_000);
        Set<Long> arrived = new HashSet<>();
        arrived.add(largest);
        ack.start(0, 0, largest);
        for (int word = 0; word < 4; word++) {
            long bits = random.nextLong();
            ack.bitmap(word, bits);
            for (int bit = 0; bit < 64; bit++) {
                if ((bits >>> bit & 1) != 0) {
                    arrived.add(largest - 1 - word * 64L - bit);
                }
            }
        }

        for (long counter = largest - 400; counter <= largest; counter++) {
            assertThat(ack.arrived(counter)).as("%d", largest - counter).isEqualTo(arrived.contains(counter));
        }
    }

    @Seeded
    void aDataHeaderSurvivesTheWire(RandomGenerator random) {
        DataFlyweight data = new DataFlyweight().wrap(segment, OFFSET);
        int flags = random.nextInt(16);
        int sendTime = random.nextInt(65_536);
        int sequence = random.nextInt();

        data.write(flags, sendTime, sequence);

        assertThat(data.flags()).isEqualTo(flags);
        assertThat(data.sendTime()).isEqualTo(sendTime);
        assertThat(data.dataSequence()).isEqualTo(sequence);
        assertThat(segment.get(ValueLayout.JAVA_BYTE, OFFSET)).isEqualTo(DataFlyweight.TYPE);
        assertThat(segment.get(ValueLayout.JAVA_BYTE, OFFSET + DataFlyweight.LENGTH))
                .isEqualTo((byte) 0xee);
    }
}
