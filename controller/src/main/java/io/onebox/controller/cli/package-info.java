/// The commands of onebox-controller.
@NullMarked
package io.onebox.controller.cli;

import org.jspecify.annotations.NullMarked;
