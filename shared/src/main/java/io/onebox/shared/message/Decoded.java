package io.onebox.shared.message;

/// What became of reading a message: bytes from the network are never an exception.
public sealed interface Decoded<T> {

    /// A message.
    record Valid<T>(T message) implements Decoded<T> {}

    /// A message of a kind that this version does not know: counted and ignored.
    record Unknown<T>(String type) implements Decoded<T> {}

    /// No message.
    record Malformed<T>(String problem) implements Decoded<T> {}
}
