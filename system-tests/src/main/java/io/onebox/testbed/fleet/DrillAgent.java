package io.onebox.testbed.fleet;

import io.onebox.agent.control.ControlFiles.Enrolment;
import io.onebox.agent.control.ControllerClient;
import io.onebox.agent.link.EndpointResolver;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ConfigState;
import io.onebox.shared.message.SignedConfig;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// The control channel of a real agent, without a tunnel: what it is told is applied at once.
final class DrillAgent implements ControllerClient.Listener {

    private final Enrolment enrolment;
    private final ControllerClient client;
    private volatile VirtualAgent.Applied applied = new VirtualAgent.Applied(0, "", 0);
    private volatile boolean isConnected;

    DrillAgent(Vertx vertx, VirtualAgent enrolled, Enrolment enrolment, Path directory) {
        this.enrolment = enrolment;
        this.client = new ControllerClient(
                vertx,
                new ControllerClient.Who(enrolment, enrolled::key),
                new SecureRandom(),
                new EndpointResolver(List.of(), directory.resolve(enrolment.agentId())),
                new AtomicBoolean(),
                this);
    }

    void start() {
        client.start();
    }

    String id() {
        return enrolment.agentId();
    }

    boolean isConnected() {
        return isConnected;
    }

    VirtualAgent.Applied applied() {
        return applied;
    }

    @Override
    public AgentMessage.Held held() {
        return new AgentMessage.Held("drill", applied.revision(), applied.hash());
    }

    @Override
    public void onState(String state, String reason) {
        isConnected = state.equals("connected");
    }

    @Override
    public void onConfig(SignedConfig config) {
        if (config.isFor(id(), enrolment.pin()) && config.revision() > applied.revision()) {
            applied = new VirtualAgent.Applied(config.revision(), config.hash(), System.nanoTime());
            client.send(new AgentMessage.Ack(config.revision(), config.hash(), ConfigState.APPLIED, ""));
        }
    }

    @Override
    public void onWatch(int seconds) {}
}
