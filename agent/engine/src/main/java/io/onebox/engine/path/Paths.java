package io.onebox.engine.path;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The paths of a session, in the order they were added. Sixteen at the most.
public final class Paths {

    /// More links than anyone bonds; bounds what a peer can make us keep.
    public static final int MOST = 16;

    private Path[] paths = new Path[0];

    /// How many there are.
    public int count() {
        return paths.length;
    }

    /// The path at `index`, `0..count() - 1`.
    public Path get(int index) {
        return paths[index];
    }

    /// The path with this id, or `null`.
    public @Nullable Path byId(int id) {
        for (Path path : paths) {
            if (path.id() == id) {
                return path;
            }
        }
        return null;
    }

    /// Adds a path.
    ///
    /// @return whether there was room
    public boolean add(Path path) {
        if (paths.length == MOST) {
            return false;
        }
        paths = Arrays.copyOf(paths, paths.length + 1);
        paths[paths.length - 1] = path;
        return true;
    }

    /// Removes a path.
    public void remove(Path path) {
        paths = Arrays.stream(paths).filter(other -> other != path).toArray(Path[]::new);
    }
}
