package io.onebox.agent.verticle;

import io.onebox.agent.api.LocalApi;
import io.onebox.agent.api.RunningAgent;
import io.onebox.agent.api.SocketFile;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the local API on a unix socket, for the commands.
public final class LocalApiVerticle extends VerticleBase {

    private static final Logger log = LoggerFactory.getLogger(LocalApiVerticle.class);

    /// A command that says nothing for so long is gone. A guess.
    private static final int IDLE_SECONDS = 3600;

    private final Path socket;
    private final RunningAgent agent;

    public LocalApiVerticle(Path socket, RunningAgent agent) {
        this.socket = socket;
        this.agent = agent;
    }

    @Override
    public Future<?> start() {
        var file = new SocketFile(socket);
        var server = vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_SECONDS))
                .requestHandler(new LocalApi(vertx, agent).router());
        return vertx.executeBlocking(() -> {
                    file.prepare();
                    return null;
                })
                .compose(_ -> server.listen(SocketAddress.domainSocketAddress(socket.toString())))
                .compose(_ -> vertx.executeBlocking(() -> {
                    file.open();
                    return null;
                }))
                .onSuccess(_ -> log.atInfo().addKeyValue("socket", socket).log("local API ready"));
    }
}
