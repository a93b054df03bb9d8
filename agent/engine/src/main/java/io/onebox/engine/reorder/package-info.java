/// How the order and the delay of inner packets are restored.
@NullMarked
package io.onebox.engine.reorder;

import org.jspecify.annotations.NullMarked;
