/// The duty cycle that carries packets between the devices and the engine, and what it asks of them.
@NullMarked
package io.onebox.agent.dataplane;

import org.jspecify.annotations.NullMarked;
