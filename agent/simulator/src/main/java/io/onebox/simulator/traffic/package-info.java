/// What people send through a tunnel: TCP with Cubic or BBR, QUIC, UDP streams and pings, in real IP packets.
@NullMarked
package io.onebox.simulator.traffic;

import org.jspecify.annotations.NullMarked;
