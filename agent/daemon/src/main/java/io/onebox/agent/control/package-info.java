/// The agent's side of the controller: enrolling, the control channel, what is kept of both.
@NullMarked
package io.onebox.agent.control;

import org.jspecify.annotations.NullMarked;
