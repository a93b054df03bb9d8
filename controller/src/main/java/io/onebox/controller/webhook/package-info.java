/// Tells programs elsewhere what happened to agents: signed, and again until they have heard it.
@NullMarked
package io.onebox.controller.webhook;

import org.jspecify.annotations.NullMarked;
