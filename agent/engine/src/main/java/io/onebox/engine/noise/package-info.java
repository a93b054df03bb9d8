/// WireGuard's cryptography: handshake, keypairs, replay windows, cookies.
@NullMarked
package io.onebox.engine.noise;

import org.jspecify.annotations.NullMarked;
