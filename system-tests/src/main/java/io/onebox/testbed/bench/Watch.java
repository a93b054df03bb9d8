package io.onebox.testbed.bench;

/// Says of numbers how busy the machine was while they came about.
///
/// @param start when that began
record Watch(CpuTime start) {

    /// Begins now.
    static Watch begin() {
        return new Watch(CpuTime.now());
    }

    /// A number that came about since the beginning.
    Sample sample(double value) {
        CpuTime now = CpuTime.now();
        return new Sample(value, now.idleShare(start), now.stolenShare(start));
    }
}
