package io.onebox.testbed;

/// Frames on their way through one direction of a link, ordered by when they arrive in the time of the line;
/// frames that arrive at the same instant keep their order. Grows as needed. Confined to one thread.
final class FrameQueue {

    private static final int INITIAL_CAPACITY = 256;

    private long[] lineNs = new long[INITIAL_CAPACITY];
    private int[] generations = new int[INITIAL_CAPACITY];
    private int[] slots = new int[INITIAL_CAPACITY];
    private int[] lengths = new int[INITIAL_CAPACITY];
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /// Adds a frame; almost always at the end, because a line that jitters still keeps order.
    void add(long arrivalLineNs, int generation, int slot, int length) {
        if (size == lineNs.length) {
            grow();
        }
        int position = size++;
        while (position > 0 && lineNs[index(position - 1)] > arrivalLineNs) {
            move(position - 1, position);
            position--;
        }
        int index = index(position);
        lineNs[index] = arrivalLineNs;
        generations[index] = generation;
        slots[index] = slot;
        lengths[index] = length;
    }

    /// When the next frame arrives.
    long nextLineNs() {
        return lineNs[head];
    }

    /// The generation of the line in which the next frame was sent.
    int nextGeneration() {
        return generations[head];
    }

    /// The slot of the next frame.
    int nextSlot() {
        return slots[head];
    }

    /// The length of the next frame.
    int nextLength() {
        return lengths[head];
    }

    /// Forgets the next frame.
    void remove() {
        head = index(1);
        size--;
    }

    private int index(int position) {
        return head + position & lineNs.length - 1;
    }

    private void move(int from, int to) {
        lineNs[index(to)] = lineNs[index(from)];
        generations[index(to)] = generations[index(from)];
        slots[index(to)] = slots[index(from)];
        lengths[index(to)] = lengths[index(from)];
    }

    private void grow() {
        var old = this.copyOfArrays();
        lineNs = new long[2 * size];
        generations = new int[2 * size];
        slots = new int[2 * size];
        lengths = new int[2 * size];
        for (int i = 0; i < size; i++) {
            int from = old.index(i);
            lineNs[i] = old.lineNs[from];
            generations[i] = old.generations[from];
            slots[i] = old.slots[from];
            lengths[i] = old.lengths[from];
        }
        head = 0;
    }

    private FrameQueue copyOfArrays() {
        var copy = new FrameQueue();
        copy.lineNs = lineNs;
        copy.generations = generations;
        copy.slots = slots;
        copy.lengths = lengths;
        copy.head = head;
        copy.size = size;
        return copy;
    }
}
