/// The local uplinks: which interfaces are links, when they come, change and go, and where the server is.
@NullMarked
package io.onebox.agent.link;

import org.jspecify.annotations.NullMarked;
