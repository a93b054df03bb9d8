package io.onebox.controller.trust;

import io.onebox.controller.store.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/// Secrets that stand in the database, sealed with the master key.
final class SealedSecrets {

    private final MasterKey master;

    SealedSecrets(MasterKey master) {
        this.master = master;
    }

    void put(Connection connection, String name, byte[] secret) throws SQLException {
        Sql.update(connection, "INSERT INTO secret (name, sealed) VALUES (?, ?)", name, master.seal(name, secret));
    }

    /// @throws StateFiles.StateException if there is none
    byte[] get(Connection connection, String name) throws SQLException {
        String sealed = Sql.one(connection, row -> row.getString(1), "SELECT sealed FROM secret WHERE name = ?", name)
                .orElseThrow(() -> new StateFiles.StateException(
                        "the database has no secret '" + name + "'; run: onebox-controller init"));
        return master.open(name, sealed);
    }
}
