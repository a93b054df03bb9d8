package io.onebox.shared.message;

import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.Transcript;
import io.onebox.shared.identity.VerifyKey;
import java.util.List;

/// What an agent says on its WebSocket. It speaks about itself only: who it is comes from the [Hello] that was
/// verified, never from a later message.
public sealed interface AgentMessage {

    /// The first message: proves who it is by a signature over both nonces, and says what it has.
    ///
    /// @param bootId another one with every start of the agent, so that two hosts with one key are noticed
    /// @param version of the agent
    /// @param revision of the configuration in use, or 0
    /// @param hash of the configuration in use, or empty
    /// @param signature with the identity key, in base64
    record Hello(String agentId, String bootId, String version, long revision, String hash, String signature)
            implements AgentMessage {

        private static final String PURPOSE = "onebox-session-1";

        /// Answers a greeting that was verified.
        public static Hello sign(
                SigningKey key, Greeting greeting, Bytes agentNonce, String agentId, String bootId, Held held) {
            Bytes signature = key.sign(transcript(greeting.root(), greeting.nonce(), agentNonce, agentId, bootId));
            return new Hello(agentId, bootId, held.version(), held.revision(), held.hash(), signature.toString());
        }

        /// Whether the agent with this key made it, as an answer to these nonces.
        public boolean isSignedBy(VerifyKey agent, VerifyKey root, Bytes controllerNonce, Bytes agentNonce) {
            return Bytes.parse(signature, VerifyKey.SIGNATURE_LENGTH)
                    .filter(bytes ->
                            agent.verifies(transcript(root, controllerNonce, agentNonce, agentId, bootId), bytes))
                    .isPresent();
        }

        private static byte[] transcript(
                VerifyKey root, Bytes controllerNonce, Bytes agentNonce, String agentId, String bootId) {
            return Transcript.of(PURPOSE)
                    .add(root.bytes())
                    .add(controllerNonce)
                    .add(agentNonce)
                    .add(agentId)
                    .add(bootId)
                    .bytes();
        }
    }

    /// What an agent has.
    ///
    /// @param version of the agent
    /// @param revision of the configuration in use, or 0
    /// @param hash of the configuration in use, or empty
    record Held(String version, long revision, String hash) {}

    /// How far a pushed configuration has come.
    ///
    /// @param reason for a refusal, or empty
    record Ack(long revision, String hash, ConfigState state, String reason) implements AgentMessage {}

    /// Somebody at its machine wants it to have new keys: it asks to be asked for them.
    record KeysWanted() implements AgentMessage {}

    /// New keys instead of the ones it has, because the controller asked for them.
    ///
    /// @param tunnelKey public key of the data plane, in base64
    /// @param signature with the identity key it has
    /// @param proof with the new one: it has that, too
    record Rekey(VerifyKey identityKey, String tunnelKey, Bytes signature, Bytes proof) implements AgentMessage {

        private static final String PURPOSE = "onebox-rekey-1";

        /// Replaces a key by the next.
        public static Rekey sign(SigningKey now, SigningKey next, String agentId, String tunnelKey) {
            byte[] transcript = transcript(agentId, next.verifyKey(), tunnelKey);
            return new Rekey(next.verifyKey(), tunnelKey, now.sign(transcript), next.sign(transcript));
        }

        /// Whether the agent made it that has this key, and has the new one.
        public boolean isOf(String agentId, VerifyKey now) {
            byte[] transcript = transcript(agentId, identityKey, tunnelKey);
            return now.verifies(transcript, signature) && identityKey.verifies(transcript, proof);
        }

        private static byte[] transcript(String agentId, VerifyKey identityKey, String tunnelKey) {
            return Transcript.of(PURPOSE)
                    .add(agentId)
                    .add(identityKey.bytes())
                    .add(tunnelKey)
                    .bytes();
        }
    }

    /// What its links carried.
    ///
    /// @param seconds the time this tells of, up to now: 10 in a summary, 1 while somebody watches
    /// @param links at most [LinkStats#MAX_LINKS]; an agent with more says it in several messages
    record Stats(int seconds, List<LinkStats> links) implements AgentMessage {
        public Stats {
            links = List.copyOf(links);
        }
    }

    /// Something happened.
    ///
    /// @param secondsAgo how long ago, for what happened while there was no connection; no clock is compared
    /// @param link of which it tells, or empty for the whole agent
    /// @param detail one sentence, or empty
    record Event(EventKind kind, String link, String detail, int secondsAgo) implements AgentMessage {}
}
