/// The association with a peer: the stations packets pass, and the table of all peers.
@NullMarked
package io.onebox.engine.session;

import org.jspecify.annotations.NullMarked;
