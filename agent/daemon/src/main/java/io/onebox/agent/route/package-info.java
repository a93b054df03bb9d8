/// What the agent changes on the host so that packets find the tunnel, and how all of it is undone.
@NullMarked
package io.onebox.agent.route;

import org.jspecify.annotations.NullMarked;
