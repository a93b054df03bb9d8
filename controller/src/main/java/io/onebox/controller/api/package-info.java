/// The REST API, as openapi.json says.
@NullMarked
package io.onebox.controller.api;

import org.jspecify.annotations.NullMarked;
