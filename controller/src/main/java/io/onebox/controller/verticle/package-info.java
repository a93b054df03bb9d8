/// What runs on Vert.x: the port for API and agents, and the agents' WebSockets.
@NullMarked
package io.onebox.controller.verticle;

import org.jspecify.annotations.NullMarked;
