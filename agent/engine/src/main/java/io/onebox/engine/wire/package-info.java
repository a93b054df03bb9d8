/// What the bytes mean: windows over datagrams and the frames inside them.
@NullMarked
package io.onebox.engine.wire;

import org.jspecify.annotations.NullMarked;
