/// What agents tell of their traffic: the last minutes in memory, the history in files of fixed size.
@NullMarked
package io.onebox.controller.stats;

import org.jspecify.annotations.NullMarked;
