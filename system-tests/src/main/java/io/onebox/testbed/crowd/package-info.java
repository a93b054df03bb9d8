/// Hundreds of clients in one process, each with an engine and a socket of its own. Started by `bin/bench dataplane`.
@NullMarked
package io.onebox.testbed.crowd;

import org.jspecify.annotations.NullMarked;
