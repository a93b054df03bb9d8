package io.onebox.controller.enrol;

import io.onebox.controller.auth.Refusals;
import io.onebox.controller.registry.Tags;
import io.onebox.controller.store.Actor;
import io.onebox.controller.store.AuditLog;
import io.onebox.controller.store.Database;
import io.onebox.controller.store.Sql;
import io.onebox.controller.trust.MasterKey;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.Fingerprint;
import io.onebox.shared.identity.VerifyKey;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The invitations there are. Of a secret only its hash is kept, and that sealed. Blocks.
public final class EnrolTokens {

    private static final Logger log = LoggerFactory.getLogger(EnrolTokens.class);

    /// Wrong proofs after which a token is frozen.
    private static final int MAX_FAILURES = 5;

    /// Of a token for thousands, whoever came last. A guess.
    private static final int USES_SHOWN = 5;

    private static final String FAILED = "enrol.failed";

    private final Database database;
    private final AuditLog audit;
    private final MasterKey master;
    private final SecureRandom random;
    private final InstantSource clock;
    private final Refusals refusals;

    /// @param refusals of the whole controller, which bounds them
    public EnrolTokens(
            Database database,
            AuditLog audit,
            MasterKey master,
            SecureRandom random,
            InstantSource clock,
            Refusals refusals) {
        this.database = database;
        this.audit = audit;
        this.master = master;
        this.random = random;
        this.clock = clock;
        this.refusals = refusals;
    }

    /// What a token is to allow.
    ///
    /// @param isManual whether an agent waits for approval
    /// @param endpoints of a server that enrols with it, `host:port`; empty is the address it comes from
    /// @param networks from which it may be used; empty is from anywhere
    /// @param tags of agents that enrol with it
    /// @param uses how many agents may enrol with it
    public record Terms(
            AgentRole role,
            boolean isManual,
            List<String> endpoints,
            List<Prefix> networks,
            Tags tags,
            int uses,
            Duration life) {
        public Terms {
            endpoints = List.copyOf(endpoints);
            networks = List.copyOf(networks);
        }
    }

    /// Where the controller is, for the token's text.
    ///
    /// @param isBehindProxy whether its certificate is one of the web
    public record Place(Fingerprint pin, boolean isBehindProxy, List<URI> urls) {
        public Place {
            urls = List.copyOf(urls);
        }
    }

    /// A token as it is kept.
    public record Kept(
            String id,
            Bytes verifier,
            AgentRole role,
            boolean isManual,
            List<String> endpoints,
            List<Prefix> networks,
            Tags tags,
            int uses,
            int used,
            Instant created,
            Instant expires,
            boolean isRevoked,
            String author) {

        public Kept {
            endpoints = List.copyOf(endpoints);
            networks = List.copyOf(networks);
        }

        /// Whether it may be used from this address.
        boolean allows(String from) {
            return networks.isEmpty()
                    || Prefix.address(from)
                            .filter(address -> networks.stream().anyMatch(network -> network.contains(address)))
                            .isPresent();
        }

        @Override
        public String toString() {
            return "Kept[" + id + "]";
        }
    }

    /// Makes a token.
    public EnrolmentToken add(Actor actor, Terms terms, Place place) {
        var token = new EnrolmentToken(
                terms.role(),
                place.isBehindProxy(),
                Bytes.random(random, EnrolmentToken.ID_LENGTH),
                Bytes.random(random, EnrolmentToken.SECRET_LENGTH),
                place.pin(),
                place.urls());
        database.transaction(connection -> {
            Sql.update(
                    connection,
                    "INSERT INTO enrol_token (id, verifier, role, approval, endpoints, networks, tags, uses, used,"
                            + " failures, created, expires, revoked, author)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, 0, ?)",
                    token.id(),
                    master.seal(sealName(token.id()), token.verifier().array()),
                    terms.role().spelling(),
                    terms.isManual() ? "manual" : "auto",
                    String.join(",", terms.endpoints()),
                    terms.networks().stream().map(Prefix::toString).collect(Collectors.joining(",")),
                    String.join(",", terms.tags().words()),
                    terms.uses(),
                    clock.millis(),
                    clock.millis() + terms.life().toMillis(),
                    actor.name());
            audit.append(connection, actor, "enrol-token.add", token.id(), "none -> " + terms);
            return true;
        });
        return token;
    }

    /// All tokens, newest first.
    public List<Kept> list() {
        return database.transaction(
                connection -> Sql.list(connection, this::kept, "SELECT * FROM enrol_token ORDER BY created DESC"));
    }

    /// A token by its public id.
    public Optional<Kept> find(String id) {
        return database.transaction(
                connection -> Sql.one(connection, this::kept, "SELECT * FROM enrol_token WHERE id = ?", id));
    }

    /// Takes a token back.
    ///
    /// @return false if there is none
    public boolean revoke(Actor actor, String id) {
        return database.transaction(connection -> {
            Optional<Boolean> before = isRevoked(connection, id);
            if (before.isPresent()) {
                Sql.update(connection, "UPDATE enrol_token SET revoked = 1 WHERE id = ?", id);
                audit.append(connection, actor, "enrol-token.revoke", id, revoked(before.get(), true));
            }
            return before.isPresent();
        });
    }

    /// Counts a wrong proof; after some the token is frozen, which has a line of its own in the audit. From then on,
    /// and of a token that is not there, the audit does not have every one.
    void fail(Actor actor, String id, String why) {
        boolean wasRevoked = database.transaction(connection -> {
            boolean isOver = isRevoked(connection, id).orElse(true);
            Sql.update(
                    connection,
                    "UPDATE enrol_token SET failures = failures + 1,"
                            + " revoked = CASE WHEN failures + 1 >= ? THEN 1 ELSE revoked END WHERE id = ?",
                    MAX_FAILURES,
                    id);
            if (isOver) {
                return true;
            }
            audit.append(connection, actor, FAILED, id, why);
            if (isRevoked(connection, id).orElse(true)) {
                log.atWarn()
                        .addKeyValue("token", id)
                        .addKeyValue("address", actor.address())
                        .log("an enrolment token is frozen: somebody tries it who may not use it");
                audit.append(connection, actor, "enrol-token.freeze", id, revoked(false, true));
            }
            return false;
        });
        if (wasRevoked) {
            refusals.note(why, actor, FAILED, id, why);
        }
    }

    /// Notes that somebody was not let in for another reason than his token.
    void refuse(Actor actor, String id, String why) {
        refusals.note(why, actor, "enrol.refused", id, why);
    }

    private static Optional<Boolean> isRevoked(Connection connection, String id) throws SQLException {
        return Sql.one(
                connection, row -> row.getInt("revoked") != 0, "SELECT revoked FROM enrol_token WHERE id = ?", id);
    }

    /// As the audit has it.
    private static String revoked(boolean before, boolean after) {
        return "revoked=" + before + " -> revoked=" + after;
    }

    /// Uses a token up by one.
    ///
    /// @param key that is enrolled
    /// @return false if it is spent, expired or revoked: others may have been faster
    boolean use(Connection connection, String id, VerifyKey key, TokenUse use) throws SQLException {
        int changed = Sql.update(
                connection,
                "UPDATE enrol_token SET used = used + 1"
                        + " WHERE id = ? AND used < uses AND revoked = 0 AND expires > ?",
                id,
                clock.millis());
        if (changed > 0) {
            use.write(connection, id, key);
        }
        return changed > 0;
    }

    /// Who used each token last, the newest first.
    public Map<String, List<TokenUse>> lastUses() {
        Map<String, List<TokenUse>> uses = new HashMap<>();
        database.transaction(connection -> {
            uses.clear(); // It may be done again.
            return Sql.list(
                    connection,
                    row -> uses.computeIfAbsent(row.getString("token"), _ -> new ArrayList<>())
                            .add(TokenUse.read(row)),
                    "SELECT * FROM (SELECT enrol_token_use.*, ROW_NUMBER()"
                            + " OVER (PARTITION BY token ORDER BY time DESC) AS place FROM enrol_token_use) AS newest"
                            + " WHERE place <= ? ORDER BY token, place",
                    USES_SHOWN);
        });
        return uses;
    }

    private Kept kept(ResultSet row) throws SQLException {
        String id = row.getString("id");
        return new Kept(
                id,
                Bytes.of(master.open(sealName(id), row.getString("verifier"))),
                AgentRole.parse(row.getString("role")).orElseThrow(),
                row.getString("approval").equals("manual"),
                split(row.getString("endpoints")),
                split(row.getString("networks")).stream()
                        .map(text -> Prefix.parse(text).orElseThrow())
                        .toList(),
                new Tags(split(row.getString("tags"))),
                row.getInt("uses"),
                row.getInt("used"),
                Instant.ofEpochMilli(row.getLong("created")),
                Instant.ofEpochMilli(row.getLong("expires")),
                row.getInt("revoked") != 0,
                row.getString("author"));
    }

    private static List<String> split(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(",", -1));
    }

    private static String sealName(String id) {
        return "enrol-token " + id;
    }
}
