/// The fleet: every agent there is, and how a change turns one fleet into the next. Pure.
@NullMarked
package io.onebox.controller.registry;

import org.jspecify.annotations.NullMarked;
