package io.onebox.controller.enrol;

import io.onebox.controller.auth.AttemptLimit;
import io.onebox.controller.registry.FleetChange;
import io.onebox.controller.registry.FleetRefusal;
import io.onebox.controller.registry.Node;
import io.onebox.controller.registry.NodeState;
import io.onebox.controller.store.Actor;
import io.onebox.controller.store.FleetStore;
import io.onebox.controller.trust.ControllerKeys;
import io.onebox.shared.config.HostPort;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.Digests;
import io.onebox.shared.message.EnrolRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Lets an agent in that proves its key and a token. Blocks.
public final class Enrolment {

    private static final int ID_LENGTH = 8;
    private static final int DEFAULT_PORT = 51_820;

    /// For everybody behind one address. The design's number.
    private static final int ATTEMPTS = 10;

    private static final Duration ATTEMPT_WINDOW = Duration.ofMinutes(1);

    private final ControllerKeys keys;
    private final EnrolTokens tokens;
    private final FleetStore store;
    private final PendingApprovals pending;
    private final SecureRandom random;
    private final InstantSource clock;
    private final AttemptLimit attempts;
    private final Bytes nobody;

    public Enrolment(
            ControllerKeys keys,
            EnrolTokens tokens,
            FleetStore store,
            PendingApprovals pending,
            SecureRandom random,
            InstantSource clock) {
        this.keys = keys;
        this.tokens = tokens;
        this.store = store;
        this.pending = pending;
        this.random = random;
        this.clock = clock;
        this.attempts = new AttemptLimit(ATTEMPTS, ATTEMPT_WINDOW, clock);
        this.nobody = Bytes.random(random, Digests.LENGTH);
    }

    /// What became of a request.
    public sealed interface Outcome {
        /// The word for it, for counting.
        default String code() {
            return switch (this) {
                case Known(Node _, boolean isNew) -> isNew ? "enrolled" : "known";
                case Refused(Reason reason, String _) -> reason.code();
            };
        }

        /// Known from here on.
        ///
        /// @param isNew whether it was not before
        record Known(Node node, boolean isNew) implements Outcome {}

        /// Not let in.
        record Refused(Reason reason, String detail) implements Outcome {}
    }

    /// Why an agent is not let in.
    public enum Reason {
        TOKEN_INVALID(403),
        TOKEN_EXPIRED(403),
        TOKEN_REVOKED(403),
        TOKEN_SPENT(409),
        AGENT_REVOKED(403),
        NAME_CONFLICT(409),
        NO_ADDRESS(409),
        STALE(409),
        TOO_MANY_PENDING(429),
        RATE_LIMITED(429);

        private final int status;

        Reason(int status) {
            this.status = status;
        }

        /// Of the HTTP answer.
        public int status() {
            return status;
        }

        /// The word of the error catalogue.
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Considers a request.
    ///
    /// @param address from which it comes
    public Outcome enrol(EnrolRequest request, String address) {
        if (!attempts.tryUse(address)) {
            return new Outcome.Refused(Reason.RATE_LIMITED, "too many attempts from here; wait a minute");
        }
        if (!keys.isFresh(request.controllerNonce(), clock.instant())) {
            return new Outcome.Refused(Reason.STALE, "the request is older than five minutes; try again");
        }
        Optional<EnrolTokens.Kept> token = tokens.find(request.tokenId());
        // An unknown token costs the same work and gets the same answer as a wrong proof.
        Bytes verifier = token.map(EnrolTokens.Kept::verifier).orElse(nobody);
        boolean isProved = request.isProvedBy(verifier, keys.root());
        boolean isSigned = request.isSigned(keys.root());
        var actor = new Actor("agent:" + request.agent().name(), address);
        if (token.isEmpty() || !isProved || !isSigned) {
            tokens.fail(actor, request.tokenId(), "unknown token or wrong proof");
            return new Outcome.Refused(Reason.TOKEN_INVALID, "the token is not one of this controller's");
        }
        Optional<Node> known = store.fleet().node(request.agent().identityKey());
        if (known.isPresent()) {
            return known.get().state() == NodeState.REVOKED
                    ? new Outcome.Refused(Reason.AGENT_REVOKED, "this agent was revoked; it needs new keys")
                    : new Outcome.Known(known.get(), false);
        }
        return let(request, token.get(), actor);
    }

    private Outcome let(EnrolRequest request, EnrolTokens.Kept token, Actor actor) {
        Node node = node(request, token, actor.address());
        try {
            store.change(actor, new FleetChange.Enrolled(node), connection -> {
                if (!tokens.use(connection, token.id())) {
                    throw new UnusableException();
                }
                if (node.state() == NodeState.PENDING) {
                    pending.begin(connection, node.id());
                }
            });
            return new Outcome.Known(store.fleet().node(node.id()).orElse(node), true);
        } catch (UnusableException _) {
            Outcome.Refused refused = unusable(token.id());
            tokens.fail(actor, token.id(), refused.reason().code());
            return refused;
        } catch (FleetRefusal e) {
            Reason reason = switch (e.code()) {
                case NAME_CONFLICT -> Reason.NAME_CONFLICT;
                case NO_ADDRESS -> Reason.NO_ADDRESS;
                case TOO_MANY_PENDING -> Reason.TOO_MANY_PENDING;
                case NOT_FOUND, WRONG_STATE, WRONG_ROLE -> Reason.STALE;
            };
            return new Outcome.Refused(reason, String.valueOf(e.getMessage()));
        }
    }

    /// Undoes the transaction of a token that cannot be used.
    private static final class UnusableException extends RuntimeException {}

    private Outcome.Refused unusable(String id) {
        EnrolTokens.Kept token = tokens.find(id).orElseThrow();
        if (token.isRevoked()) {
            return new Outcome.Refused(Reason.TOKEN_REVOKED, "the token was taken back; ask for a new one");
        }
        if (!token.expires().isAfter(clock.instant())) {
            return new Outcome.Refused(Reason.TOKEN_EXPIRED, "the token has expired; ask for a new one");
        }
        return new Outcome.Refused(Reason.TOKEN_SPENT, "the token was used by another agent; ask for a new one");
    }

    private Node node(EnrolRequest request, EnrolTokens.Kept token, String address) {
        List<String> endpoints = token.endpoints();
        if (token.role() == AgentRole.SERVER && endpoints.isEmpty()) {
            endpoints = List.of(new HostPort(address, DEFAULT_PORT).toString());
        }
        return new Node(
                Bytes.random(random, ID_LENGTH).hex(),
                request.agent().identityKey(),
                request.agent().tunnelKey(),
                token.role(),
                request.agent().name(),
                token.isManual() ? NodeState.PENDING : NodeState.ACTIVE,
                List.of(),
                endpoints,
                token.tags(),
                request.agent().system(),
                request.agent().version());
    }
}
