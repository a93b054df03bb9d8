package io.onebox.agent.verticle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.agent.api.MemoryAgent;
import io.onebox.agent.status.Readings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The local API with a real unix socket.
@ExtendWith(VertxExtension.class)
class LocalApiVerticleTest {

    @TempDir
    private Path directory;

    private Path socket;
    private HttpClient http;

    @BeforeEach
    void deploy(Vertx vertx) {
        socket = directory.resolve("a.sock");
        vertx.deployVerticle(new LocalApiVerticle(socket, new MemoryAgent(Readings.client())))
                .await();
        http = vertx.createHttpClient();
    }

    @Test
    void isForTheOwnerAndTheGroupOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw----");
    }

    @Test
    void refusesASecondAgentOnTheSameSocket(Vertx vertx) {
        assertThatThrownBy(() -> vertx.deployVerticle(new LocalApiVerticle(socket, new MemoryAgent(Readings.client())))
                        .await())
                .hasMessageContaining("another agent already answers on " + socket);
    }

    @Test
    void twoAgentsLiveBesideEachOther(Vertx vertx) {
        Path other = directory.resolve("b.sock");
        vertx.deployVerticle(new LocalApiVerticle(other, new MemoryAgent(Readings.server())))
                .await();

        assertThat(body(HttpMethod.GET, "/v1/status", "")).contains("\"role\":\"client\"");
        socket = other;
        assertThat(body(HttpMethod.GET, "/v1/status", "")).contains("\"role\":\"server\"");
    }

    @Test
    void takesTheSocketOfADeadAgent(Vertx vertx) {
        // The file of a killed process stays; here it is made by hand.
        Path dead = directory.resolve("dead.sock");
        vertx.executeBlocking(() -> {
                    try (var channel =
                            java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
                        return channel.bind(java.net.UnixDomainSocketAddress.of(dead));
                    }
                })
                .await();

        vertx.deployVerticle(new LocalApiVerticle(dead, new MemoryAgent(Readings.server())))
                .await();

        socket = dead;
        assertThat(body(HttpMethod.GET, "/v1/status", "")).contains("\"role\":\"server\"");
    }

    @Test
    void answersProblemsAsRfc9457Says() {
        HttpClientResponse response = send(HttpMethod.POST, "/v1/links/eth9", "{\"role\":\"backup\"}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.getHeader("content-type")).isEqualTo("application/problem+json");
        assertThat(send(HttpMethod.POST, "/v1/links/eth0", "role=backup").statusCode())
                .isEqualTo(400);
        assertThat(send(HttpMethod.POST, "/v1/links/eth0", "").statusCode()).isEqualTo(400);
        assertThat(send(HttpMethod.GET, "/v1/nothing", "").statusCode()).isEqualTo(404);
        assertThat(send(HttpMethod.GET, "/v1/stats?last=x", "").statusCode()).isEqualTo(400);
        assertThat(send(HttpMethod.POST, "/v1/links/eth0", "x".repeat(20_000)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void streamsALineEachInterval(VertxTestContext test) {
        var twoLines = test.checkpoint(2);
        http.request(options(HttpMethod.GET, "/v1/stats/stream?interval=100"))
                .compose(request -> request.send())
                .onComplete(test.succeeding(response -> response.handler(line -> {
                    test.verify(() -> assertThat(line.toString())
                            .startsWith("{\"schema\":\"onebox.stats/1\"")
                            .endsWith("}\n"));
                    twoLines.flag();
                })));
    }

    private String body(HttpMethod method, String path, String body) {
        return http.request(options(method, path))
                .compose(request -> request.send(Buffer.buffer(body)))
                .compose(HttpClientResponse::body)
                .await()
                .toString();
    }

    private HttpClientResponse send(HttpMethod method, String path, String body) {
        return http.request(options(method, path))
                .compose(request -> request.send(Buffer.buffer(body)))
                .await();
    }

    private RequestOptions options(HttpMethod method, String path) {
        return new RequestOptions()
                .setServer(SocketAddress.domainSocketAddress(socket.toString()))
                .setHost("localhost")
                .setMethod(method)
                .setURI(path);
    }
}
