package io.onebox.controller.enrol;

import io.onebox.controller.store.Sql;
import io.onebox.shared.identity.VerifyKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/// Somebody enrolled with a token.
///
/// @param agent its id
/// @param name it had then
/// @param address from which it came
public record TokenUse(String agent, String name, String address, Instant time) {

    /// Keeps it, under the key that was enrolled.
    void write(Connection connection, String token, VerifyKey key) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO enrol_token_use (token, identity_key, agent, name, address, time)"
                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (token, identity_key) DO UPDATE SET"
                        + " agent = excluded.agent, name = excluded.name, address = excluded.address,"
                        + " time = excluded.time",
                token,
                key.toString(),
                agent,
                name,
                address,
                time.toEpochMilli());
    }

    /// Whether somebody with this key has used the token.
    static boolean isBy(Connection connection, String token, VerifyKey key) throws SQLException {
        return Sql.one(
                        connection,
                        TokenUse::read,
                        "SELECT * FROM enrol_token_use WHERE token = ? AND identity_key = ?",
                        token,
                        key.toString())
                .isPresent();
    }

    static TokenUse read(ResultSet row) throws SQLException {
        return new TokenUse(
                row.getString("agent"),
                row.getString("name"),
                row.getString("address"),
                Instant.ofEpochMilli(row.getLong("time")));
    }
}
