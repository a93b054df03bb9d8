package io.onebox.controller.store;

/// The last two starts of an agent that is connected, which tell a restart from a twin. Two machines with one
/// identity, such as the copies of a disk, take the connection from each other, so a start comes back that another
/// start had taken over from. An agent that was started anew looks different: its earlier start does not come back.
///
/// @param now another word with every start of the agent; empty if it is not known
/// @param before the start that this one took over from, or empty
/// @param areTwo whether they are of two machines
public record Starts(String now, String before, boolean areTwo) {

    /// Of an agent that was not connected.
    public static final Starts NONE = new Starts("", "", false);

    /// The agent has connected.
    public Starts then(String start) {
        boolean hasComeBack = !before.isEmpty() && start.equals(before);
        return start.equals(now) ? this : new Starts(start, now, hasComeBack);
    }

    /// Whether `next` is what shows that there are two.
    public boolean areTwoOnlyIn(Starts next) {
        return next.areTwo() && !areTwo;
    }
}
