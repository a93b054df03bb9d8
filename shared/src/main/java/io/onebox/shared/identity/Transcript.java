package io.onebox.shared.identity;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The bytes that a signature or a proof covers: a purpose, then fields, each behind its length, so that no two
/// different lists of fields have the same bytes and no signature serves two purposes.
public final class Transcript {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Transcript() {}

    /// Begins with what is being said: `onebox-enrol-1`.
    public static Transcript of(String purpose) {
        return new Transcript().add(purpose);
    }

    /// Appends bytes.
    public Transcript add(byte[] field) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(field.length).array());
        bytes.writeBytes(field);
        return this;
    }

    /// Appends bytes.
    public Transcript add(Bytes field) {
        return add(field.array());
    }

    /// Appends a text.
    public Transcript add(String field) {
        return add(field.getBytes(StandardCharsets.UTF_8));
    }

    /// Appends a number.
    public Transcript add(long field) {
        return add(ByteBuffer.allocate(Long.BYTES).putLong(field).array());
    }

    /// Everything so far.
    public byte[] bytes() {
        return bytes.toByteArray();
    }
}
