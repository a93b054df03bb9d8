package io.onebox.simulator.link;

/// What becomes of one packet: it arrives never, once or twice. Made once by the caller and filled by
/// [LinkDirection#offer].
///
/// Instants are times of the line, see [LinkDirection#dueNs].
public final class Deliveries {

    private static final int MOST = 2;

    private final long[] lineNs = new long[MOST];
    private final boolean[] corrupt = new boolean[MOST];
    private int count;
    private int generation;

    /// How often the packet arrives: 0, 1 or 2.
    public int count() {
        return count;
    }

    /// When copy `index` arrives, in the time of the line.
    public long lineNs(int index) {
        return lineNs[index];
    }

    /// Whether copy `index` arrives with changed content.
    public boolean isCorrupt(int index) {
        return corrupt[index];
    }

    /// To be passed to [LinkDirection#arrives] when the time has come.
    public int generation() {
        return generation;
    }

    void clear(int newGeneration) {
        count = 0;
        generation = newGeneration;
    }

    void add(long atLineNs, boolean isCorrupt) {
        lineNs[count] = atLineNs;
        corrupt[count] = isCorrupt;
        count++;
    }
}
