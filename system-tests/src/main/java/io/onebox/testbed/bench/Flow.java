package io.onebox.testbed.bench;

/// A transfer by TCP that is measured.
///
/// @param system congestion control of the sender, `cubic` or `bbr`
/// @param direction which way
/// @param parallel how many connections
record Flow(String system, Direction direction, int parallel) {

    /// Arguments of `iperf3` at the client.
    String arguments(Pace pace) {
        return "-C %s -P %d -O %d -t %d %s"
                .formatted(system, parallel, pace.warmUpSeconds(), pace.seconds(), direction.option());
    }

    @Override
    public String toString() {
        return system + " " + direction;
    }
}
