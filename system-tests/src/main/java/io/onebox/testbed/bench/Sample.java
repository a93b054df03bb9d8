package io.onebox.testbed.bench;

import java.util.List;
import java.util.function.DoubleSupplier;

/// A number and how busy the machine was meanwhile.
///
/// @param value in whatever unit
/// @param idleShare of all processors, in `0..1`
/// @param stolenShare what other virtual machines took
record Sample(double value, double idleShare, double stolenShare) {

    /// Measures.
    static Sample of(DoubleSupplier measurement) {
        CpuTime before = CpuTime.now();
        double value = measurement.getAsDouble();
        CpuTime after = CpuTime.now();
        return new Sample(value, after.idleShare(before), after.stolenShare(before));
    }

    /// The values alone.
    static List<Double> values(List<Sample> samples) {
        return samples.stream().map(Sample::value).toList();
    }
}
