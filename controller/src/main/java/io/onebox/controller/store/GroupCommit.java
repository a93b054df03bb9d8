package io.onebox.controller.store;

import io.onebox.controller.store.Database.DatabaseException;
import io.onebox.controller.store.Database.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Runs transactions one after the other over one connection, and commits together those that wait meanwhile: a
/// commit waits for the disk, and a thousand agents that answer at once would wait for a thousand of them. Each is
/// still
/// whole or not at all: one that fails is undone by itself.
final class GroupCommit {

    /// So many share a commit at most.
    private static final int MAX_GROUP = 100;

    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Entry<?>> waiting = new ConcurrentLinkedQueue<>();

    GroupCommit(Connection connection) {
        this.connection = connection;
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

        void fail(Throwable cause) {
            failure = failure == null ? cause : failure;
        }

        void finish() {
            isDone = true;
        }

        @SuppressWarnings("NullAway") // The result of a work that may be null is.
        T result() {
            if (failure instanceof RuntimeException known) {
                throw known;
            }
            if (failure instanceof Error error) {
                throw error;
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
        return entry.result();
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
        try {
            connection.setAutoCommit(false);
            try {
                for (Entry<?> entry : group) {
                    runAlone(entry);
                }
                connection.setAutoCommit(true); // Commits.
            } finally {
                abandon();
            }
        } catch (SQLException | RuntimeException e) {
            group.forEach(entry -> entry.fail(e));
        } finally {
            group.forEach(Entry::finish);
        }
    }

    private void runAlone(Entry<?> entry) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            entry.run(connection);
            connection.releaseSavepoint(before);
        } catch (SQLException | RuntimeException | Error e) {
            entry.fail(e);
            connection.rollback(before);
        }
    }

    /// Undoes what is not committed.
    private void abandon() throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }
}
