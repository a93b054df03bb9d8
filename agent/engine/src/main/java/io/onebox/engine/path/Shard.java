package io.onebox.engine.path;

/// Which part of an agent's sessions an engine has, where several share them. Whose session a message belongs to
/// can be told from its receiver index by anybody, also by a filter in the kernel; which engine a message happens to
/// reach does not matter, then.
///
/// @param number of this part, from 0 on; number 0 is the door, where handshakes begin
/// @param count parts there are
public record Shard(int number, int count) {

    /// The only part there is.
    public static final Shard ONLY = new Shard(0, 1);

    /// The number of the part where handshakes begin: only there is known how many there are, and who has a cookie.
    public static final int DOOR = 0;

    /// Parts there can be: each has packets of its own, for which the heap of an agent has room.
    public static final int MAX_COUNT = 16;

    /// The bits of a receiver index that tell its owner: the first byte on the wire.
    private static final int OWNER_BITS = 0xff;

    public Shard {
        if (count < 1 || count > MAX_COUNT || number < 0 || number >= count) {
            throw new IllegalArgumentException("no shard " + number + " of " + count);
        }
    }

    /// The part that gave out a receiver index.
    public int ownerOf(int receiverIndex) {
        return (receiverIndex & OWNER_BITS) % count;
    }

    /// Whether this part gave out a receiver index, if anybody did.
    public boolean owns(int receiverIndex) {
        return ownerOf(receiverIndex) == number;
    }

    /// Whether handshakes begin here.
    public boolean isDoor() {
        return number == DOOR;
    }
}
