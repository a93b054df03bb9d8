package io.onebox.shared.message;

import io.onebox.shared.identity.VerifyKey;

/// What the controller says on an agent's WebSocket.
public sealed interface ControllerMessage {

    /// The first message: who the controller is.
    record Challenge(Greeting greeting) implements ControllerMessage {}

    /// The agent is known.
    ///
    /// @param state `pending` or `active` or `disabled`
    record Welcome(String state) implements ControllerMessage {}

    /// A whole configuration.
    record Config(SignedConfig config) implements ControllerMessage {}

    /// Somebody watches: statistics every second are wanted for a while.
    ///
    /// @param seconds for how long; said again if it is to go on
    record Watch(int seconds) implements ControllerMessage {}

    /// The agent is to make new keys and say which.
    record Rekey() implements ControllerMessage {}

    /// The agent is known by this key from now on.
    record Rekeyed(VerifyKey identityKey) implements ControllerMessage {}

    /// The agent is not accepted; the connection ends.
    ///
    /// @param code of the error catalogue
    /// @param detail one sentence
    record Refused(String code, String detail) implements ControllerMessage {}
}
