/// Pages for browsers, as the module `web-ui` has made them.
@NullMarked
package io.onebox.shared.web;

import org.jspecify.annotations.NullMarked;
