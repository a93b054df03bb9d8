/// How an agent becomes known.
@NullMarked
package io.onebox.controller.enrol;

import org.jspecify.annotations.NullMarked;
