/// The controller's own keys and certificates, and what seals them.
@NullMarked
package io.onebox.controller.trust;

import org.jspecify.annotations.NullMarked;
