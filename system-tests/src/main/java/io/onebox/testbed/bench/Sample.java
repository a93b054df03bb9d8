package io.onebox.testbed.bench;

import java.util.List;

/// A number and how busy the machine was meanwhile.
///
/// @param value in whatever unit
/// @param idleShare of all processors, in `0..1`
/// @param stolenShare what other virtual machines took
record Sample(double value, double idleShare, double stolenShare) {

    /// The values alone.
    static List<Double> values(List<Sample> samples) {
        return samples.stream().map(Sample::value).toList();
    }
}
