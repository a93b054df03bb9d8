/// Who is who between agents and their controller: Ed25519 keys, what a root vouches for, enrolment tokens.
@NullMarked
package io.onebox.shared.identity;

import org.jspecify.annotations.NullMarked;
