package io.onebox.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class LibcTest {

    private final Libc libc = Libc.load();

    @Test
    void tellsWhyACallFailed() {
        int fd = libc.open("/nowhere/at/all", Libc.O_RDWR);

        assertThat(fd).isEqualTo(-1);
        assertThat(Errno.last()).isEqualTo(Errno.ENOENT);
    }

    /// The sixth arrives as garbage, see [Libc].
    @Test
    void noCallTakesMoreThanFiveArguments() {
        var calls = new ClassFileImporter().importClasses(Libc.class, Libcrypto.class);

        assertThat(calls)
                .flatMap(JavaClass::getMethods)
                .allSatisfy(call -> assertThat(call.getRawParameterTypes())
                        .as(call.getFullName())
                        .hasSizeLessThanOrEqualTo(5));
    }

    @Test
    void namesErrorsAsTheKernelDoes() {
        assertThat(Errno.name(Errno.EPERM)).isEqualTo("EPERM");
        assertThat(Errno.name(4711)).isEqualTo("errno 4711");
    }

    @Test
    void saysCallObjectReasonAndRemedy() {
        var exception = new LinuxException("open", "/dev/net/tun", Errno.EPERM, "the agent needs CAP_NET_ADMIN");

        assertThat(exception).hasMessage("open /dev/net/tun: EPERM: the agent needs CAP_NET_ADMIN");
        assertThat(exception.isPermission()).isTrue();
    }
}
