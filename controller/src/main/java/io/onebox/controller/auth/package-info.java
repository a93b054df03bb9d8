/// Who may do what: users, sessions, API tokens, roles, permissions.
@NullMarked
package io.onebox.controller.auth;

import org.jspecify.annotations.NullMarked;
