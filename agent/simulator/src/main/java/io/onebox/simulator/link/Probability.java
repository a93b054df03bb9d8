package io.onebox.simulator.link;

final class Probability {

    private Probability() {}

    static double check(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("a probability must be 0..1, was " + probability);
        }
        return probability;
    }
}
