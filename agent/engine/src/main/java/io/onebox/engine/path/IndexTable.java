package io.onebox.engine.path;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Finds the path of a message by its receiver index. Open addressing with linear probing, so that a
/// look-up allocates nothing.
public final class IndexTable {

    private static final int FIRST_CAPACITY = 64;

    private final RandomGenerator random;
    private final Shard shard;
    private int[] indices = new int[FIRST_CAPACITY];
    private @Nullable Path[] paths = new Path[FIRST_CAPACITY];
    private int count;

    /// @param random where new indices come from: nobody shall guess them
    /// @param shard whose indices they are
    public IndexTable(RandomGenerator random, Shard shard) {
        this.random = random;
        this.shard = shard;
    }

    /// The path `index` was given to, or `null`.
    public @Nullable Path get(int index) {
        return paths[find(index)];
    }

    /// Gives `path` an index that nobody has.
    public int add(Path path) {
        if (2 * (count + 1) > indices.length) {
            grow();
        }
        int index = random.nextInt();
        while (!shard.owns(index) || get(index) != null) {
            index = random.nextInt();
        }
        put(index, path);
        count++;
        return index;
    }

    /// Takes an index back.
    public void remove(int index) {
        int hole = find(index);
        if (paths[hole] == null) {
            return;
        }
        paths[hole] = null;
        count--;
        int mask = indices.length - 1;
        for (int slot = hole + 1 & mask; paths[slot] != null; slot = slot + 1 & mask) {
            Path moved = paths[slot];
            paths[slot] = null;
            put(indices[slot], moved);
        }
    }

    /// Indices in use.
    public int count() {
        return count;
    }

    private void put(int index, @Nullable Path path) {
        int slot = find(index);
        indices[slot] = index;
        paths[slot] = path;
    }

    private int find(int index) {
        int mask = indices.length - 1;
        int slot = ((index * 0x9e3779b9) >>> 7) & mask;
        while (paths[slot] != null && indices[slot] != index) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        int[] oldIndices = indices;
        @Nullable Path[] oldPaths = paths;
        indices = new int[oldIndices.length * 2];
        paths = new Path[oldPaths.length * 2];
        for (int slot = 0; slot < oldPaths.length; slot++) {
            if (oldPaths[slot] != null) {
                put(oldIndices[slot], oldPaths[slot]);
            }
        }
    }
}
