package io.onebox.controller.enrol;

import io.onebox.controller.auth.AttemptLimit;
import io.onebox.controller.registry.Claim;
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
import io.onebox.shared.identity.VerifyKey;
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

    /// For everybody behind one address, or one /64 of IPv6. The design's number.
    private static final int ATTEMPTS = 10;

    /// From one attempt too many until there may be more.
    public static final Duration ATTEMPT_WINDOW = Duration.ofMinutes(1);

    private static final Duration GREETING_LIFE = Duration.ofMinutes(5);

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
                case Claims(Node _) -> Reason.NAME_CONFLICT.code();
                case Refused(Reason reason, String _) -> reason.code();
            };
        }

        /// Known from here on.
        ///
        /// @param isNew whether it was not before
        record Known(Node node, boolean isNew) implements Outcome {}

        /// Has keys that the agent of this name does not have, and waits until somebody gives it that agent.
        record Claims(Node node) implements Outcome {}

        /// Not let in.
        record Refused(Reason reason, String detail) implements Outcome {}
    }

    /// Why an agent is not let in. `docs/reference/api.md` is made of this.
    public enum Reason {
        /// There is no such token, or the proof is wrong; after five failures the token is frozen.
        TOKEN_INVALID(403),
        /// The token has expired.
        TOKEN_EXPIRED(403),
        /// The token was taken back, or is frozen.
        TOKEN_REVOKED(403),
        /// Others have used the token up.
        TOKEN_SPENT(409),
        /// The token has `networks`, and the agent comes from elsewhere.
        NOT_FROM_ALLOWED_NETWORK(403),
        /// The key of this agent was revoked; it needs new ones.
        AGENT_REVOKED(403),
        /// The name belongs to an agent of the other role.
        NAME_CONFLICT(409),
        /// Every address of `[tunnel] network` is taken.
        NO_ADDRESS(409),
        /// The request is older than five minutes, or the agent has changed meanwhile.
        STALE(409),
        /// The clocks of two nodes of the controller are five minutes apart.
        CLOCK_SKEW(409),
        /// A hundred agents wait for approval.
        TOO_MANY_PENDING(429),
        /// Ten attempts a minute came from one address, or one /64 of IPv6; `Retry-After` says when again.
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
        var actor = new Actor("agent:" + request.agent().name(), address);
        if (!attempts.tryUse(AttemptLimit.machine(address))) {
            return turnedAway(actor, request, Reason.RATE_LIMITED, "too many attempts from here; wait a minute");
        }
        Optional<Outcome> untimely = untimely(actor, request);
        if (untimely.isPresent()) {
            return untimely.get();
        }
        Optional<EnrolTokens.Kept> token = tokens.find(request.tokenId());
        // An unknown token costs the same work and gets the same answer as a wrong proof.
        Bytes verifier = token.map(EnrolTokens.Kept::verifier).orElse(nobody);
        boolean isProved = request.isProvedBy(verifier, keys.root());
        boolean isSigned = request.isSigned(keys.root());
        if (token.isEmpty() || !isProved || !isSigned) {
            tokens.fail(actor, request.tokenId(), "unknown token or wrong proof");
            return new Outcome.Refused(Reason.TOKEN_INVALID, "the token is not one of this controller's");
        }
        Optional<Node> known = store.fleet().node(request.agent().identityKey());
        if (known.isPresent() && known.get().state() == NodeState.REVOKED) {
            return turnedAway(actor, request, Reason.AGENT_REVOKED, "this agent was revoked; it needs new keys");
        }
        boolean isAlike = known.isPresent() && !isRetagging(request, known.get(), token.get());
        if (isAlike) {
            return new Outcome.Known(known.get(), false);
        }
        Optional<Node> claimed = store.fleet().claimedWith(request.agent().identityKey());
        if (claimed.isPresent() && claimed.get().name().equals(request.agent().name())) {
            return new Outcome.Claims(claimed.get());
        }
        if (!token.get().allows(address)) {
            return refused(
                    actor,
                    request.tokenId(),
                    new Outcome.Refused(
                            Reason.NOT_FROM_ALLOWED_NETWORK,
                            "the token may not be used from " + address + "; enrol from where it may, or ask for"
                                    + " another"));
        }
        return known.isPresent() ? retag(request, token.get(), actor, known.get()) : let(request, token.get(), actor);
    }

    /// A greeting counts for five minutes. Several nodes answer with their own clocks, which may differ a little.
    private Optional<Outcome> untimely(Actor actor, EnrolRequest request) {
        Optional<Duration> age = keys.age(request.controllerNonce(), clock.instant());
        if (age.isPresent() && age.get().compareTo(GREETING_LIFE.negated()) <= 0) {
            String detail = "the clocks of the controller's nodes differ by "
                    + age.get().abs().toMinutes() + " minutes; set them, then try again";
            return Optional.of(turnedAway(actor, request, Reason.CLOCK_SKEW, detail));
        }
        return age.filter(time -> time.compareTo(GREETING_LIFE) < 0).isPresent()
                ? Optional.empty()
                : Optional.of(
                        turnedAway(actor, request, Reason.STALE, "the request is older than five minutes; try again"));
    }

    private static boolean isRetagging(EnrolRequest request, Node node, EnrolTokens.Kept token) {
        return request.tagging() == EnrolRequest.Tagging.OF_TOKEN
                && node.role() == token.role()
                && !node.tags().equals(token.tags());
    }

    /// Gives an agent that is known the tags of another token, which uses that token up by one.
    private Outcome retag(EnrolRequest request, EnrolTokens.Kept token, Actor actor, Node node) {
        return change(
                request,
                token,
                actor,
                node,
                new FleetChange.Edited(node.id(), node.name(), node.endpoints(), token.tags()));
    }

    private Outcome let(EnrolRequest request, EnrolTokens.Kept token, Actor actor) {
        Node node = node(request, token, actor.address());
        Optional<Node> namesake = store.fleet().nodes().values().stream()
                .filter(other -> other.name().equals(node.name()) && other.role() == node.role())
                .findFirst();
        if (namesake.isEmpty()) {
            return change(request, token, actor, node, new FleetChange.Enrolled(node));
        }
        var claim = new Claim(node.identityKey(), node.tunnelKey(), node.system(), node.version());
        return change(
                request,
                token,
                actor,
                namesake.get(),
                new FleetChange.Claimed(namesake.get().id(), claim));
    }

    /// @param node that the request is about
    private Outcome change(EnrolRequest request, EnrolTokens.Kept token, Actor actor, Node node, FleetChange change) {
        VerifyKey key = request.agent().identityKey();
        var use = new TokenUse(node.id(), node.name(), actor.address(), clock.instant());
        boolean hasClaimed = store.fleet().claimedWith(key).isPresent();
        try {
            store.change(actor, change, connection -> {
                // Who only takes another name than the one that was taken goes on with the use he had.
                boolean isUsed = hasClaimed && TokenUse.isBy(connection, token.id(), key);
                if (!isUsed && !tokens.use(connection, token.id(), key, use)) {
                    throw new UnusableException();
                }
                if (isWaiting(change)) {
                    pending.begin(connection, node.id());
                }
            });
            Node now = store.fleet().node(node.id()).orElse(node);
            return change instanceof FleetChange.Claimed
                    ? new Outcome.Claims(now)
                    : new Outcome.Known(now, change instanceof FleetChange.Enrolled);
        } catch (UnusableException _) {
            return refused(actor, token.id(), unusable(token.id()));
        } catch (FleetRefusal e) {
            Reason reason = switch (e.code()) {
                case NAME_CONFLICT -> Reason.NAME_CONFLICT;
                case NO_ADDRESS -> Reason.NO_ADDRESS;
                case TOO_MANY_PENDING -> Reason.TOO_MANY_PENDING;
                case NOT_FOUND, WRONG_STATE, WRONG_ROLE, TOO_MANY_LINKS -> Reason.STALE;
            };
            return turnedAway(actor, request, reason, String.valueOf(e.getMessage()));
        }
    }

    /// Whether somebody has to decide before the agent may take part.
    private static boolean isWaiting(FleetChange change) {
        return switch (change) {
            case FleetChange.Claimed _ -> true;
            case FleetChange.Enrolled(Node node) -> node.state() == NodeState.PENDING;
            default -> false;
        };
    }

    /// Refuses for another reason than the token, which has no part in it.
    private Outcome turnedAway(Actor actor, EnrolRequest request, Reason reason, String detail) {
        tokens.refuse(actor, request.tokenId(), reason.code());
        return new Outcome.Refused(reason, detail);
    }

    private Outcome.Refused refused(Actor actor, String token, Outcome.Refused refused) {
        tokens.fail(actor, token, refused.reason().code());
        return refused;
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
                List.of(),
                request.agent().system(),
                request.agent().version(),
                Optional.empty());
    }
}
