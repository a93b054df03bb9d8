package io.onebox.shared.message;

/// The names and bounds both ends keep to.
public final class Protocol {

    /// The version spoken here.
    public static final int VERSION = 1;

    /// WebSocket subprotocol of agents.
    public static final String AGENT_SUBPROTOCOL = "onebox.agent.v1";

    /// Where an agent asks who the controller is.
    public static final String HELLO_PATH = "/agent/v1/hello";

    /// Where an agent enrols.
    public static final String ENROL_PATH = "/agent/v1/enrol";

    /// The agent's WebSocket.
    public static final String SOCKET_PATH = "/agent/v1/ws";

    /// Bytes of a nonce.
    public static final int NONCE_LENGTH = 32;

    /// Longest message of an agent.
    public static final int MAX_AGENT_MESSAGE = 64 * 1024;

    /// Longest message of a controller: the configuration of a server with some 4,000 clients.
    public static final int MAX_CONTROLLER_MESSAGE = 1024 * 1024;

    private Protocol() {}
}
