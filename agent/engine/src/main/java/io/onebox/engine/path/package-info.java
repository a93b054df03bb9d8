/// One way to the peer: its life, its quality, its rate.
@NullMarked
package io.onebox.engine.path;

import org.jspecify.annotations.NullMarked;
