package io.onebox.agent.link;

/// Something happened to a link. Events of one interface come in order: appeared, changed any number of times, gone.
public sealed interface LinkEvent {

    /// An interface has become a link.
    record Appeared(Link link) implements LinkEvent {}

    /// Addresses, families or MTU are others. Name, id and interface index are the same.
    record Changed(Link before, Link now) implements LinkEvent {}

    /// An interface is no link any more.
    ///
    /// @param link as it was last
    /// @param reason in words, such as `no carrier`
    record Gone(Link link, String reason) implements LinkEvent {}
}
