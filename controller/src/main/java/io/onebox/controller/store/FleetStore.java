package io.onebox.controller.store;

import io.onebox.controller.push.ConfigCompiler;
import io.onebox.controller.registry.Claim;
import io.onebox.controller.registry.Fleet;
import io.onebox.controller.registry.FleetChange;
import io.onebox.controller.registry.Node;
import io.onebox.controller.registry.Settings;
import io.onebox.shared.config.LinkConfig;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The fleet in the database. A change, its audit line and the configurations it makes are one transaction; readers
/// have a snapshot and never wait. Changing blocks; reading does not.
public final class FleetStore {

    private final Database database;
    private final AuditLog audit;
    private final ConfigRevisions revisions;
    private final WaitingDocuments documents = new WaitingDocuments();
    private final SecureRandom random = new SecureRandom();
    private volatile Held held;

    /// The fleet of a change that is not committed yet, for changes that are to be committed with it.
    private volatile Held ahead;

    private volatile Consumer<Set<String>> listener = _ -> {};

    /// Under what the database has a fleet: a number that rises, and a mark that no other change has, for the number
    /// of a change that was undone comes again.
    private record Version(long epoch, long mark) {}

    private record Held(Version version, Fleet fleet) {}

    /// @param empty a fleet without agents, with the networks of the configuration
    public FleetStore(Database database, AuditLog audit, ConfigRevisions revisions, Fleet empty) {
        this.database = database;
        this.audit = audit;
        this.revisions = revisions;
        this.held = new Held(new Version(-1, 0), empty);
        this.ahead = held;
        this.held = database.transaction(this::current);
    }

    /// Is told the ids of agents whose configuration or state has changed, after the change is kept.
    public void onChange(Consumer<Set<String>> next) {
        listener = next;
    }

    /// The fleet as of the last change.
    public Fleet fleet() {
        return held.fleet();
    }

    /// Makes a change, or throws what [Fleet#apply] throws and changes nothing.
    public Fleet change(Actor actor, FleetChange change) {
        return change(actor, change, _ -> {}, _ -> {});
    }

    /// More that belongs to a change.
    @FunctionalInterface
    public interface Also {
        void run(Connection connection) throws SQLException;
    }

    /// Makes a change, and something else in the same transaction.
    public Fleet change(Actor actor, FleetChange change, Also also) {
        return change(actor, change, _ -> {}, also);
    }

    /// Makes a change if the fleet before it passes a check, which throws if it does not, and something else in the
    /// same transaction.
    public Fleet change(Actor actor, FleetChange change, Consumer<Fleet> check, Also also) {
        Set<String> changed = new HashSet<>();
        Held next = committed(connection -> {
            Held before = current(connection);
            check.accept(before.fleet());
            Fleet after = before.fleet().apply(change);
            Set<String> affected = ConfigCompiler.affected(before.fleet(), after);
            write(connection, before.fleet(), after, affected);
            also.run(connection);
            changed.addAll(affected);
            changed.add(object(change));
            for (String id : affected) {
                if (change.isPatient() && !id.equals(object(change))) {
                    documents.put(connection, id, actor);
                } else {
                    revise(connection, after, id, actor);
                }
            }
            String detail = change instanceof FleetChange.Resent(String id)
                    ? repeated(connection, after, id, actor)
                    : detail(before.fleet(), after, change);
            audit.append(connection, actor, action(change), object(change), detail);
            var version = new Version(before.version().epoch() + 1, random.nextLong());
            Sql.update(
                    connection, "UPDATE fleet SET epoch = ?, mark = ? WHERE id = 1", version.epoch(), version.mark());
            ahead = new Held(version, after);
            return ahead;
        });
        Held before = keep(next);
        boolean isNext = next.version().epoch() <= before.version().epoch() + 1;
        listener.accept(isNext ? Set.copyOf(changed) : ConfigCompiler.affected(before.fleet(), next.fleet()));
        return next.fleet();
    }

    /// Makes the configurations that wait, and tells of them. Blocks.
    ///
    /// @return how many
    public int catchUp() {
        Set<String> made = new HashSet<>();
        if (documents.isDue()) {
            var spent = documents.begin();
            database.transaction(connection -> {
                Fleet now = current(connection).fleet();
                for (WaitingDocuments.Waiting waiting : documents.take(connection)) {
                    made.add(waiting.agent());
                    revise(connection, now, waiting.agent(), waiting.author());
                }
                return true;
            });
            spent.end();
        }
        if (!made.isEmpty()) {
            listener.accept(made);
        }
        return made.size();
    }

    /// The server that a client has proved to reach with a revision, if it leaves one and this is not the one.
    public static Optional<String> arrival(Connection connection, String client, long revision) throws SQLException {
        Optional<String> leaving = Sql.one(
                connection,
                row -> row.getString(1),
                "SELECT leaving FROM assignment WHERE client = ? AND leaving <> ''",
                client);
        return leaving.isEmpty()
                ? Optional.empty()
                : ConfigRevisions.find(connection, client, revision)
                        .flatMap(found -> found.settings().server())
                        .filter(server -> !server.equals(leaving.get()));
    }

    private void revise(Connection connection, Fleet fleet, String id, Actor author) throws SQLException {
        Optional<String> document = ConfigCompiler.compile(fleet, id);
        if (document.isPresent()) {
            Settings settings = Settings.of(fleet, fleet.node(id).orElseThrow());
            revisions.add(connection, author, id, document.get(), settings);
        }
    }

    /// Gives an agent its configuration again.
    ///
    /// @return what the audit says of it
    private String repeated(Connection connection, Fleet fleet, String id, Actor author) throws SQLException {
        String before = revision(connection, id);
        Optional<String> document = ConfigCompiler.compile(fleet, id);
        if (document.isPresent()) {
            Settings settings = Settings.of(fleet, fleet.node(id).orElseThrow());
            revisions.repeat(connection, author, id, document.get(), settings);
        }
        return before + " -> " + revision(connection, id);
    }

    private static String revision(Connection connection, String id) throws SQLException {
        return ConfigRevisions.latest(connection, id)
                .map(latest -> "revision=" + latest.revision())
                .orElse("none");
    }

    private Held committed(Database.Work<Held> change) {
        try {
            return database.transaction(change);
        } catch (RuntimeException e) {
            ahead = held;
            throw e;
        }
    }

    /// Reads what other nodes have changed, if they have, and tells of it. Blocks.
    public Fleet refresh() {
        Held now = database.transaction(this::current);
        Held before = keep(now);
        if (now.version().epoch() > before.version().epoch()) {
            listener.accept(ConfigCompiler.affected(before.fleet(), now.fleet()));
        }
        return held.fleet();
    }

    /// @return what was held before
    private synchronized Held keep(Held next) {
        Held before = held;
        if (next.version().epoch() > held.version().epoch()) {
            held = next;
        }
        return before;
    }

    /// The fleet as the database has it: what we hold, unless another process changed it.
    private Held current(Connection connection) throws SQLException {
        Version version = Sql.one(
                        connection,
                        row -> new Version(row.getLong("epoch"), row.getLong("mark")),
                        "SELECT epoch, mark FROM fleet WHERE id = 1")
                .orElseThrow();
        Held known = ahead.version().equals(version) ? ahead : held;
        return known.version().equals(version)
                ? known
                : new Held(version, NodeRows.read(connection, known.fleet().networks()));
    }

    private static void write(Connection connection, Fleet before, Fleet after, Set<String> ids) throws SQLException {
        for (String id : ids) {
            Optional<Node> node = after.node(id);
            if (node.isEmpty()) {
                NodeRows.delete(connection, id);
            } else if (!node.equals(before.node(id))) {
                NodeRows.put(connection, node.get());
            }
            String server = after.assignments().get(id);
            if (server == null) {
                Sql.update(connection, "DELETE FROM assignment WHERE client = ?", id);
            } else {
                Sql.update(
                        connection,
                        "INSERT INTO assignment (client, server, leaving) VALUES (?, ?, ?)"
                                + " ON CONFLICT (client) DO UPDATE SET server = excluded.server,"
                                + " leaving = excluded.leaving",
                        id,
                        server,
                        after.leaving().getOrDefault(id, ""));
            }
        }
    }

    private static String action(FleetChange change) {
        return switch (change) {
            case FleetChange.Enrolled _ -> "agent.enrol";
            case FleetChange.Approved _ -> "agent.approve";
            case FleetChange.Disabled _ -> "agent.disable";
            case FleetChange.Enabled _ -> "agent.enable";
            case FleetChange.Revoked _ -> "agent.revoke";
            case FleetChange.Deleted _ -> "agent.delete";
            case FleetChange.Edited _ -> "agent.edit";
            case FleetChange.LinkSet _ -> "link.set";
            case FleetChange.LinkUnset _ -> "link.unset";
            case FleetChange.Reverted _ -> "agent.revert";
            case FleetChange.Resent _ -> "agent.resync";
            case FleetChange.RekeyWanted _ -> "agent.rekey";
            case FleetChange.Rekeyed _ -> "agent.rekeyed";
            case FleetChange.Claimed _ -> "agent.claim";
            case FleetChange.Reclaimed _ -> "agent.reclaim";
            case FleetChange.ClaimDropped _ -> "agent.claim-dropped";
            case FleetChange.Assigned _ -> "agent.assign";
            case FleetChange.Moved _ -> "agent.moved";
            case FleetChange.Unassigned _ -> "agent.unassign";
        };
    }

    private static String object(FleetChange change) {
        return switch (change) {
            case FleetChange.Enrolled(Node node) -> node.id();
            case FleetChange.Approved(String id) -> id;
            case FleetChange.Disabled(String id) -> id;
            case FleetChange.Enabled(String id) -> id;
            case FleetChange.Revoked(String id) -> id;
            case FleetChange.Deleted(String id) -> id;
            case FleetChange.Edited edited -> edited.id();
            case FleetChange.LinkSet(String id, LinkConfig _) -> id;
            case FleetChange.LinkUnset(String id, String _) -> id;
            case FleetChange.Reverted(String id, Settings _) -> id;
            case FleetChange.Resent(String id) -> id;
            case FleetChange.RekeyWanted(String id) -> id;
            case FleetChange.Rekeyed rekeyed -> rekeyed.id();
            case FleetChange.Claimed(String id, Claim _) -> id;
            case FleetChange.Reclaimed(String id) -> id;
            case FleetChange.ClaimDropped(String id) -> id;
            case FleetChange.Assigned(String client, String _) -> client;
            case FleetChange.Moved(String client, String _) -> client;
            case FleetChange.Unassigned(String client) -> client;
        };
    }

    /// What of the agent is not as it was. A node holds public keys only.
    private static String detail(Fleet before, Fleet after, FleetChange change) {
        Map<String, String> was = described(before, object(change));
        Map<String, String> is = described(after, object(change));
        if (change instanceof FleetChange.RekeyWanted) {
            return "key=" + was.get("key") + " -> another is wanted";
        }
        return was.equals(is) ? "" : differing(was, is) + " -> " + differing(is, was);
    }

    private static String differing(Map<String, String> facts, Map<String, String> others) {
        String found = facts.entrySet().stream()
                .filter(fact -> !fact.getValue().equals(others.get(fact.getKey())))
                .map(fact -> fact.getKey() + "=" + fact.getValue())
                .collect(Collectors.joining(", "));
        return found.isEmpty() ? "none" : found;
    }

    /// By name; empty if there is no such agent.
    private static Map<String, String> described(Fleet fleet, String id) {
        Map<String, String> facts = new TreeMap<>();
        fleet.node(id).ifPresent(node -> {
            facts.put("name", node.name());
            facts.put("state", node.state().spelling());
            facts.put("addresses", node.addresses().toString());
            facts.put("endpoints", node.endpoints().toString());
            facts.put("tags", node.tags().words().toString());
            facts.put(
                    "links",
                    node.links().stream().map(LinkConfig::json).toList().toString());
            facts.put("key", node.identityKey().fingerprint().words());
            facts.put(
                    "claim",
                    node.claim()
                            .map(claim -> claim.identityKey().fingerprint().words())
                            .orElse("none"));
            facts.put("server", String.valueOf(fleet.assignments().get(id)));
            facts.put("leaving", String.valueOf(fleet.leaving().get(id)));
        });
        return facts;
    }
}
