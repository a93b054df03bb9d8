package io.onebox.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The bytes are where the whitepaper puts them, and nothing is left over from an earlier packet.
class FlyweightTest {

    private static final int OFFSET = 3;
    private static final int INDEX = 0x04030201;
    private static final int OTHER_INDEX = 0x14131211;

    private final MemorySegment segment = MemorySegment.ofArray(new byte[200]).fill((byte) 0xee);

    private static byte[] field(int length, int content) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) content);
        return bytes;
    }

    private String written(int length) {
        assertThat(segment.get(ValueLayout.JAVA_BYTE, OFFSET - 1)).isEqualTo((byte) 0xee);
        assertThat(segment.get(ValueLayout.JAVA_BYTE, OFFSET + length)).isEqualTo((byte) 0xee);
        return HexFormat.of().formatHex(segment.asSlice(OFFSET, length).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void writesAndReadsAnInitiation() {
        HandshakeInitiationFlyweight message = new HandshakeInitiationFlyweight()
                .wrap(segment, OFFSET)
                .start(INDEX)
                .ephemeral(field(32, 0xa1))
                .sealedStatic(field(48, 0xa2))
                .sealedTimestamp(field(28, 0xa3));

        assertThat(HandshakeInitiationFlyweight.LENGTH).isEqualTo(148);
        assertThat(written(148))
                .isEqualTo("01000000" + "01020304" + "a1".repeat(32) + "a2".repeat(48) + "a3".repeat(28)
                        + "00".repeat(32));
        assertThat(message.type()).isEqualTo(MessageType.INITIATION);
        assertThat(message.senderIndex()).isEqualTo(INDEX);
        var ephemeral = new byte[32];
        var sealedStatic = new byte[48];
        var timestamp = new byte[28];
        message.readEphemeral(ephemeral);
        message.readStatic(sealedStatic);
        message.readTimestamp(timestamp);
        assertThat(ephemeral).containsOnly(0xa1);
        assertThat(sealedStatic).containsOnly(0xa2);
        assertThat(timestamp).containsOnly(0xa3);
    }

    @Test
    void writesAndReadsAResponse() {
        HandshakeResponseFlyweight message = new HandshakeResponseFlyweight()
                .wrap(segment, OFFSET)
                .start(INDEX, OTHER_INDEX)
                .ephemeral(field(32, 0xa1))
                .sealedNothing(field(16, 0xa2));

        assertThat(HandshakeResponseFlyweight.LENGTH).isEqualTo(92);
        assertThat(written(92))
                .isEqualTo("02000000" + "01020304" + "11121314" + "a1".repeat(32) + "a2".repeat(16) + "00".repeat(32));
        assertThat(message.type()).isEqualTo(MessageType.RESPONSE);
        assertThat(message.senderIndex()).isEqualTo(INDEX);
        assertThat(message.receiverIndex()).isEqualTo(OTHER_INDEX);
        var ephemeral = new byte[32];
        var nothing = new byte[16];
        message.readEphemeral(ephemeral);
        message.readNothing(nothing);
        assertThat(ephemeral).containsOnly(0xa1);
        assertThat(nothing).containsOnly(0xa2);
    }

    @Test
    void writesAndReadsTheMacsAtTheEnd() {
        MacsFlyweight macs = new MacsFlyweight()
                .wrapEnd(segment, OFFSET, 40)
                .mac1(field(16, 0xa1))
                .mac2(field(16, 0xa2));

        assertThat(written(40)).isEqualTo("ee".repeat(8) + "a1".repeat(16) + "a2".repeat(16));
        var mac = new byte[16];
        macs.readMac1(mac);
        assertThat(mac).containsOnly(0xa1);
        macs.readMac2(mac);
        assertThat(mac).containsOnly(0xa2);
    }

    @Test
    void writesAndReadsACookieReply() {
        CookieReplyFlyweight message = new CookieReplyFlyweight()
                .wrap(segment, OFFSET)
                .start(INDEX)
                .nonce(field(24, 0xa1))
                .sealedCookie(field(32, 0xa2));

        assertThat(CookieReplyFlyweight.LENGTH).isEqualTo(64);
        assertThat(written(64)).isEqualTo("03000000" + "01020304" + "a1".repeat(24) + "a2".repeat(32));
        assertThat(message.type()).isEqualTo(MessageType.COOKIE_REPLY);
        assertThat(message.receiverIndex()).isEqualTo(INDEX);
        var nonce = new byte[24];
        var cookie = new byte[32];
        message.readNonce(nonce);
        message.readCookie(cookie);
        assertThat(nonce).containsOnly(0xa1);
        assertThat(cookie).containsOnly(0xa2);
    }

    @Test
    void writesAndReadsATransportHeader() {
        TransportFlyweight header =
                new TransportFlyweight().wrap(segment, OFFSET).start(INDEX, 0x0807060504030201L);

        assertThat(TransportFlyweight.HEADER_LENGTH).isEqualTo(16);
        assertThat(written(16)).isEqualTo("04000000" + "01020304" + "0102030405060708");
        assertThat(header.type()).isEqualTo(MessageType.TRANSPORT);
        assertThat(header.receiverIndex()).isEqualTo(INDEX);
        assertThat(header.counter()).isEqualTo(0x0807060504030201L);
    }

    @Test
    void aDatagramTooShortForATypeHasNone() {
        for (int length = 0; length < Integer.BYTES; length++) {
            assertThat(MessageType.of(segment, OFFSET, length)).isEqualTo(MessageType.NONE);
        }
    }

    @Test
    void theReservedBytesBelongToTheType() {
        new TransportFlyweight().wrap(segment, OFFSET).start(INDEX, 0);
        assertThat(MessageType.of(segment, OFFSET, 16)).isEqualTo(MessageType.TRANSPORT);

        segment.set(ValueLayout.JAVA_BYTE, OFFSET + 2, (byte) 1);
        assertThat(MessageType.of(segment, OFFSET, 16)).isNotEqualTo(MessageType.TRANSPORT);
    }
}
