package io.onebox.agent.linux;

/// What rtnetlink tells: an entry is there, new or changed, or it is gone.
///
/// Silent changes: the kernel removes IPv4 routes without a word when their interface goes down or their
/// address goes away, and it announces a replaced route only by its successor. Read routes anew instead of
/// keeping account of them.
public sealed interface RtNetlinkMessage {

    /// The entry this is about.
    RtNetlinkEntry entry();

    /// It exists and looks like this.
    record Present(RtNetlinkEntry entry) implements RtNetlinkMessage {}

    /// It is gone; this is how it looked last.
    record Absent(RtNetlinkEntry entry) implements RtNetlinkMessage {}
}
