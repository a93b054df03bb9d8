package io.onebox.engine.wire;

/// What became of the bytes of a control frame.
public sealed interface Decoded {

    /// A well-formed frame.
    record Valid(ControlFrame frame) implements Decoded {}

    /// A frame of a type this version does not know; to be skipped.
    record Unknown(int type) implements Decoded {}

    /// Bytes that are no frame.
    record Malformed(String problem) implements Decoded {}
}
