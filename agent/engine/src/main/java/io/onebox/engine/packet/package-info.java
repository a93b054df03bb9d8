/// Packets in pooled native memory, and the addresses they travel between.
@NullMarked
package io.onebox.engine.packet;

import org.jspecify.annotations.NullMarked;
