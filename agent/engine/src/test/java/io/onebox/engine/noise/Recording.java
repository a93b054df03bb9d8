package io.onebox.engine.noise;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.onebox.engine.packet.Packet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// What was said once between us and another WireGuard, as `name hex` lines. Lines that begin with `#`
/// say how it was recorded.
record Recording(Map<String, byte[]> said) {

    static Recording read(String resource) {
        try (InputStream in = Recording.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no recording " + resource);
            }
            Map<String, byte[]> said = new HashMap<>();
            new String(in.readAllBytes(), US_ASCII)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" ", 2))
                    .forEach(pair -> said.put(pair[0], HexFormat.of().parseHex(pair[1])));
            return new Recording(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes(String name) {
        byte[] bytes = said.get(name);
        if (bytes == null) {
            throw new IllegalArgumentException("nothing recorded as " + name);
        }
        return bytes;
    }

    /// Puts recorded bytes into `packet`.
    Packet into(Packet packet, String name) {
        byte[] bytes = bytes(name);
        packet.length(bytes.length);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, packet.segment(), packet.offset(), bytes.length);
        return packet;
    }
}
