package io.onebox.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NeedTest {

    @ParameterizedTest
    @EnumSource
    void aPermissionIsHadByTheRolesThatHaveIt(Permission permission) {
        Need need = Need.parse(permission.spelling()).orElseThrow();

        assertThat(need).isEqualTo(Need.of(permission));
        assertThat(need.isMetBy(Optional.empty())).as("by a stranger").isFalse();
        for (Role role : Role.values()) {
            assertThat(need.isMetBy(somebody(role.permissions())))
                    .as(role.spelling())
                    .isEqualTo(role.permissions().contains(permission));
        }
        assertThat(need.refusal()).isEqualTo("this needs the permission " + permission.spelling());
    }

    @Test
    void whoIsLoggedInNeedsNoPermissionForWhatAnyMayDo() {
        Need any = Need.parse("any").orElseThrow();

        assertThat(any.isMetBy(somebody(Set.of()))).isTrue();
        assertThat(any.isMetBy(Optional.empty())).isFalse();
    }

    @Test
    void nobodyIsNeededForALogin() {
        assertThat(Need.parse("none").orElseThrow().isMetBy(Optional.empty())).isTrue();
    }

    @Test
    void whatIsMissingOrMistypedIsNoNeed() {
        assertThat(Need.parse("null")).isEmpty();
        assertThat(Need.parse("agents:reed")).isEmpty();
    }

    private static Optional<Subject> somebody(Set<Permission> permissions) {
        return Optional.of(new Subject("user:alice", "alice", permissions));
    }
}
