package io.onebox.testbed;

import java.util.List;

/// What an uplink of a client is to be like.
///
/// @param name its interface, such as `up1`
/// @param shape commands of the emulator without the name of the link, such as `rate 20mbit/100mbit`;
///     see [WanCommands]
/// @param isEmulated whether the emulator carries it; otherwise it is a plain cable (veth), as fast as the
///     machine allows, and takes no commands
public record UplinkSpec(String name, List<String> shape, boolean isEmulated) {

    public UplinkSpec {
        shape = List.copyOf(shape);
    }

    /// An emulated uplink.
    public static UplinkSpec of(String name, String... shape) {
        return new UplinkSpec(name, List.of(shape), true);
    }

    /// A plain cable.
    public static UplinkSpec plain(String name) {
        return new UplinkSpec(name, List.of(), false);
    }

    /// The three unequal uplinks of testbed.md, section "Topology that proved useful".
    public static List<UplinkSpec> threeUnequal() {
        return List.of(
                of("up1", "rate 20mbit/100mbit", "queue 100ms", "delay 10ms"),
                of("up2", "rate 10mbit/50mbit", "queue 100ms", "delay 25ms", "jitter 5ms"),
                of("up3", "rate 5mbit/20mbit", "queue 150ms", "delay 40ms"));
    }
}
