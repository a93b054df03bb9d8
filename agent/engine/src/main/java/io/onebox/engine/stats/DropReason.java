package io.onebox.engine.stats;

/// Why we discarded an inner packet or a datagram.
public enum DropReason {
    /// Not an IP packet, or not a message of this protocol.
    MALFORMED,
    /// No key opens it.
    NOT_AUTHENTIC,
    /// Its counter was seen before, or is too old to tell.
    REPLAYED,
    /// Its data sequence number was delivered before: a copy or a repair that was not needed.
    DUPLICATE,
    /// Its source address does not belong to the peer.
    NOT_ALLOWED,
    /// No peer is responsible for its destination.
    NO_PEER,
    /// No path could carry it in time.
    NO_PATH,
    /// The flow queue was full.
    OVERFLOW,
    /// CoDel asked its flow to slow down.
    QUEUE_DELAY,
    /// A router marked its datagram, and its flow does not understand marks.
    CONGESTED,
    /// Larger than the tunnel can carry.
    TOO_LARGE,
    /// All packet buffers were in use.
    NO_BUFFER,
    /// Too many handshakes at once.
    LIMITED,
    /// The session ended while it waited.
    CLOSED;
}
