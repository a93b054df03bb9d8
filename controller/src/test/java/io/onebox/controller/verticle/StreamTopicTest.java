package io.onebox.controller.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.auth.Need;
import io.vertx.core.Vertx;
import io.vertx.openapi.contract.OpenAPIContract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamTopicTest {

    @ParameterizedTest
    @CsvSource({
        "agents, listAgents",
        "agent/0123456789abcdef/live, getAgentStats",
        "agent/0123456789abcdef/events, listAgentEvents"
    })
    void aTopicNeedsWhatTheApiNeedsForTheSame(String topic, String operation) {
        Vertx vertx = Vertx.vertx();
        Object permission = OpenAPIContract.from(vertx, "io/onebox/controller/openapi.json")
                .await()
                .operation(operation)
                .getExtensions()
                .get("x-permission");
        vertx.close().await();

        assertThat(StreamTopic.parse(topic).map(StreamTopic::need))
                .isPresent()
                .isEqualTo(Need.parse(String.valueOf(permission)));
    }
}
