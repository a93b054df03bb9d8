package io.onebox.engine.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.onebox.testing.Seeded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PacketTrainTest {

    private static final int BYTES = 1_260;
    private static final long SECOND_NS = 1_000_000_000;

    private final PacketTrain train = new PacketTrain();

    /// The answers of a train over a link of `bytesPerSecond`, whatever the distance of the clocks.
    private static List<int[]> answers(int firstId, long bytesPerSecond, RandomGenerator random) {
        int clockUs = random.nextInt();
        List<int[]> answers = new ArrayList<>();
        for (int i = 0; i < PacketTrain.LENGTH; i++) {
            answers.add(new int[] {firstId + i, clockUs + (int) ((i + 1L) * BYTES * 1_000_000L / bytesPerSecond)});
        }
        Collections.shuffle(answers, Random.from(random));
        return answers;
    }

    @Seeded
    void tellsTheRateOfTheLinkOnce(RandomGenerator random) {
        long rate = random.nextLong(50_000, 10_000_000);
        int firstId = random.nextInt();
        train.onSent(firstId, BYTES, 0);
        List<int[]> answers = answers(firstId, rate, random);

        for (int[] answer : answers) {
            assertThat(train.takeBytesPerSecond(1)).isZero();
            assertThat(train.onAnswer(answer[0], answer[1])).isEqualTo(answer[0] != firstId);
        }

        assertThat(train.takeBytesPerSecond(1)).isCloseTo(rate, withPercentage(2));
        assertThat(train.isExact()).isTrue();
        assertThat(train.takeBytesPerSecond(2)).isZero();
    }

    @Seeded
    void waitsASecondForTheRestAndThenMakesDoWithHalf(RandomGenerator random) {
        int answered = random.nextInt(PacketTrain.LENGTH);
        train.onSent(7, BYTES, 0);
        answers(7, 1_000_000, random).subList(0, answered).forEach(answer -> train.onAnswer(answer[0], answer[1]));

        assertThat(train.takeBytesPerSecond(SECOND_NS - 1)).isZero();
        assertThat(train.takeBytesPerSecond(SECOND_NS) > 0).isEqualTo(answered >= 5);
    }

    @Test
    void isSentThreeTimesWithPauses() {
        assertThat(train.dueNs()).isNegative();
        train.onSent(0, BYTES, 5);
        assertThat(train.dueNs()).as("answers outstanding").isEqualTo(5 + SECOND_NS);
        for (int id = 0; id < PacketTrain.LENGTH; id++) {
            train.onAnswer(id, 400 * id);
        }
        train.takeBytesPerSecond(6);
        assertThat(train.dueNs()).isEqualTo(5 + SECOND_NS / 5);

        train.onSent(20, BYTES, SECOND_NS);
        train.onSent(40, BYTES, 2 * SECOND_NS);
        assertThat(train.dueNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void otherProbesAreNotOfTheTrain() {
        assertThat(train.onAnswer(3, 0)).isFalse();
        train.onSent(10, BYTES, 0);

        assertThat(train.onAnswer(9, 5)).isFalse();
        assertThat(train.onAnswer(10 + PacketTrain.LENGTH, 5)).isFalse();
    }

    @Test
    void whatArrivesAllAtOnceTellsOnlyTheLeastTheRateCanBe() {
        train.onSent(0, BYTES, 0);
        for (int id = 0; id < PacketTrain.LENGTH; id++) {
            train.onAnswer(id, 40);
        }

        assertThat(train.takeBytesPerSecond(1)).isEqualTo(9L * BYTES * 4_000);
        assertThat(train.isExact()).isFalse();
    }
}
