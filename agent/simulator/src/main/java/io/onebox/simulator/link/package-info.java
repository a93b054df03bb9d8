/// Links as they are: a pure model of one direction, for virtual and for real time.
@NullMarked
package io.onebox.simulator.link;

import org.jspecify.annotations.NullMarked;
