package io.onebox.agent.control;

import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.message.AgentMessage;
import java.security.SecureRandom;
import java.util.Optional;

/// The identity key of this machine, and the next one once the controller asks for it. The key in use stays until the
/// controller says that the next one counts, so that an answer that is lost locks nobody out.
public final class RotatingKeys implements ControllerClient.Keys {

    private final ControlFiles files;
    private final String agentId;
    private final SecureRandom random;
    private volatile SigningKey identity;

    public RotatingKeys(ControlFiles files, String agentId, SecureRandom random) {
        this.files = files;
        this.agentId = agentId;
        this.random = random;
        this.identity = files.identity(random);
    }

    @Override
    public SigningKey identity() {
        return identity;
    }

    @Override
    public Optional<AgentMessage.Rekey> next() {
        SigningKey next = files.nextIdentity(random);
        return Optional.of(AgentMessage.Rekey.sign(identity, next, agentId, files.nextTunnelPublicKey(next)));
    }

    @Override
    public boolean confirmed(VerifyKey key) {
        boolean isNew = !identity.verifyKey().equals(key)
                && files.nextIdentity(random).verifyKey().equals(key);
        if (isNew) {
            files.nextIsIdentity();
            identity = files.identity(random);
        }
        return isNew;
    }
}
