/// The local API: what a running agent can be asked and told over its unix socket.
@NullMarked
package io.onebox.agent.api;

import org.jspecify.annotations.NullMarked;
