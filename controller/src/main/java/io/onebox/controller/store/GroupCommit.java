package io.onebox.controller.store;

import io.onebox.controller.store.Database.DatabaseException;
import io.onebox.controller.store.Database.FullException;
import io.onebox.controller.store.Database.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Runs transactions one after the other over one connection, and commits together those that wait meanwhile: a
/// commit waits for the disk, and a thousand agents that answer at once would wait for a thousand of them. Each is
/// still whole or not at all: one that fails is undone by itself. A connection that is lost is opened again, and what
/// was not about to be committed over it is done again.
final class GroupCommit {

    /// So many share a commit at most.
    private static final int MAX_GROUP = 100;

    /// How long to wait for the answer whether a connection still stands.
    private static final int VALID_SECONDS = 2;

    private final Engine engine;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Entry<?>> waiting = new ConcurrentLinkedQueue<>();
    private @Nullable Connection connection;
    private boolean isEnded;

    GroupCommit(Engine engine) {
        this.engine = engine;
    }

    /// The connection; opened if it is not.
    Connection open() throws SQLException {
        if (isEnded) {
            throw new SQLException("the database was closed");
        }
        Connection known = connection;
        if (known == null) {
            known = engine.connect();
            connection = known;
        }
        return known;
    }

    /// One transaction, and what became of it. Written and read under the lock.
    private static final class Entry<T extends @Nullable Object> {
        private final Work<T> work;
        private boolean isDone;
        private @Nullable T result;
        private @Nullable Throwable failure;

        Entry(Work<T> work) {
            this.work = work;
        }

        void run(Connection connection) throws SQLException {
            result = work.run(connection);
        }

        void forget() {
            failure = null;
        }

        void fail(Throwable cause) {
            failure = failure == null ? cause : failure;
        }

        boolean isFailed() {
            return failure != null;
        }

        boolean isFull(Engine engine) {
            return failure instanceof SQLException known && engine.isFull(known);
        }

        void finish() {
            isDone = true;
        }

        @SuppressWarnings("NullAway") // The result of a work that may be null is.
        T result(Engine engine) {
            if (failure instanceof RuntimeException known) {
                throw known;
            }
            if (failure instanceof Error error) {
                throw error;
            }
            if (isFull(engine)) {
                throw new FullException(Objects.requireNonNull(failure));
            }
            if (failure != null) {
                throw new DatabaseException("the database failed: " + failure.getMessage(), failure);
            }
            return result;
        }
    }

    /// Runs `work` and returns when it is committed, or undoes all of it if it fails.
    <T extends @Nullable Object> T run(Work<T> work) {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("a transaction inside a transaction");
        }
        var entry = new Entry<>(work);
        waiting.add(entry);
        lock.lock();
        try {
            while (!entry.isDone) {
                commit(next());
            }
        } finally {
            lock.unlock();
        }
        return entry.result(engine);
    }

    /// Runs something while no transaction is open.
    void exclusively(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private List<Entry<?>> next() {
        List<Entry<?>> group = new ArrayList<>();
        Entry<?> first = waiting.poll();
        while (first != null) {
            group.add(first);
            first = group.size() < MAX_GROUP ? waiting.poll() : null;
        }
        return group;
    }

    private void commit(List<Entry<?>> group) {
        if (!isDone(group)) {
            group.forEach(Entry::forget);
            isDone(group);
        }
        if (group.size() > 1 && isNothingDone(group)) {
            for (Entry<?> entry : group) { // What only reads needs no space.
                entry.forget();
                isDone(List.of(entry));
            }
        }
        group.forEach(Entry::finish);
    }

    /// Whether a group failed because the disk is full, all of it.
    private boolean isNothingDone(List<Entry<?>> group) {
        return group.stream().allMatch(Entry::isFailed) && group.stream().anyMatch(entry -> entry.isFull(engine));
    }

    /// Runs a group and commits it, or fails all of it.
    ///
    /// @return false if it can be done again: the connection was lost, and nothing was about to be committed
    private boolean isDone(List<Entry<?>> group) {
        boolean isCommitting = false;
        try {
            Connection open = open();
            open.setAutoCommit(false);
            engine.begin(open);
            for (Entry<?> entry : group) {
                runAlone(open, entry);
            }
            isCommitting = true;
            open.setAutoCommit(true); // Commits.
            return true;
        } catch (SQLException | RuntimeException e) {
            group.forEach(entry -> entry.fail(e));
            return !abandon() || isCommitting;
        }
    }

    private static void runAlone(Connection open, Entry<?> entry) throws SQLException {
        Savepoint before = open.setSavepoint();
        try {
            entry.run(open);
            open.releaseSavepoint(before);
        } catch (SQLException | RuntimeException | Error e) {
            entry.fail(e);
            open.rollback(before);
        }
    }

    /// Undoes what is not committed.
    ///
    /// @return whether the connection was there and is lost
    private boolean abandon() {
        Connection known = connection;
        if (known == null) {
            return false;
        }
        try {
            if (!known.getAutoCommit()) {
                known.rollback();
                known.setAutoCommit(true);
            }
            if (known.isValid(VALID_SECONDS)) {
                return false;
            }
        } catch (SQLException _) {
            // It is lost, then.
        }
        close();
        return true;
    }

    /// Closes the connection for good: a task that comes late must not open it again.
    void end() {
        exclusively(() -> isEnded = true);
        close();
    }

    /// Closes the connection; the next transaction opens another.
    private void close() {
        exclusively(() -> {
            try {
                if (connection != null) {
                    connection.close();
                }
            } catch (SQLException _) {
                // Nothing waits to be written over it.
            }
            connection = null;
        });
    }
}
