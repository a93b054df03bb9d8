/// The controller's own meters.
@NullMarked
package io.onebox.controller.metrics;

import org.jspecify.annotations.NullMarked;
