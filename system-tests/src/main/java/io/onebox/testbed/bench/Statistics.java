package io.onebox.testbed.bench;

import java.util.List;

/// Of a handful of numbers.
final class Statistics {

    private Statistics() {}

    /// The middle one, or the mean of the two in the middle.
    static double median(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing has no median");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /// The smallest value that at least `share` of all values do not exceed.
    static double percentile(List<Double> values, double share) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing has no percentile");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int rank = (int) Math.ceil(share * sorted.size());
        return sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));
    }

    static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }
}
