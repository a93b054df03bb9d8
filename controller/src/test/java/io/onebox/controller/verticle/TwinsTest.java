package io.onebox.controller.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TwinsTest {

    private final Twins twins = new Twins();

    @Test
    void areNoticedWhenOneComesBackThatTheOtherHadReplaced() {
        assertThat(twins.enter("van", "one")).isFalse();
        assertThat(twins.enter("van", "other")).isFalse();
        assertThat(twins.areTwo("van")).isFalse();

        assertThat(twins.enter("van", "one")).isTrue();

        assertThat(twins.enter("van", "other")).as("told once").isFalse();
        assertThat(twins.areTwo("van")).isTrue();
        assertThat(twins.areTwo("bus")).isFalse();
    }

    @Test
    void areNotAnAgentThatIsStartedAgainAndAgainOrReconnects() {
        for (int i = 0; i < 5; i++) {
            assertThat(twins.enter("van", "start" + i)).isFalse();
            assertThat(twins.enter("van", "start" + i)).isFalse();
        }

        assertThat(twins.areTwo("van")).isFalse();
    }

    @Test
    void areForgottenWhenNobodyIsConnected() {
        twins.enter("van", "one");
        twins.enter("van", "other");
        twins.enter("van", "one");

        twins.leave("van");

        assertThat(twins.areTwo("van")).isFalse();
        assertThat(twins.enter("van", "other")).isFalse();
    }
}
