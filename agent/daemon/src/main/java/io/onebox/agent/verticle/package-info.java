/// The parts of the agent as Vert.x verticles, and the only package that knows Vert.x and Netty.
@NullMarked
package io.onebox.agent.verticle;

import org.jspecify.annotations.NullMarked;
