package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The console as a browser gets it from the controller.
class ConsoleTest {

    private static final Pattern FILE = Pattern.compile("/assets/[\\w.-]+\\.(js|css)");

    private static RunningController controller;

    @BeforeAll
    static void start(@TempDir Path directory) {
        controller = new RunningController(directory);
    }

    @AfterAll
    static void stop() {
        controller.close();
    }

    private static Answer page(String path) {
        return controller.ask("GET", path, "", "accept", "text/html,*/*;q=0.8");
    }

    private static String header(Answer answer, String name) {
        return answer.response().headers().firstValue(name).orElse("");
    }

    @Test
    void everyPageIsTheSameDocumentAndNeverKept() {
        for (String path : List.of("/", "/agents/0123456789abcdef", "/settings", "/nothing")) {
            Answer answer = page(path);

            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.response().body())
                    .as(path)
                    .isEqualTo(page("/").response().body());
            assertThat(header(answer, "cache-control")).isEqualTo("no-store");
        }
    }

    @Test
    void nothingButOurOwnFilesMayRun() {
        Answer answer = page("/");

        assertThat(header(answer, "content-security-policy"))
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        String withoutNames = answer.response().body().replace("http://www.w3.org/2000/svg", "");
        assertThat(withoutNames).doesNotContain("<style", "http:", "https:", "//cdn");
    }

    @Test
    void filesWithAHashInTheirNameAreKeptForEver() {
        List<String> files = FILE.matcher(page("/").response().body())
                .results()
                .map(MatchResult::group)
                .toList();

        assertThat(files).hasSize(2);
        for (String file : files) {
            Answer plain = controller.ask("GET", file, "");
            Answer gzip = controller.ask("GET", file, "", "accept-encoding", "gzip, deflate");
            Answer brotli = controller.ask("GET", file, "", "accept-encoding", "gzip, br;q=1.0");
            Answer refused = controller.ask("GET", file, "", "accept-encoding", "br;q=0");

            assertThat(plain.status()).isEqualTo(200);
            assertThat(header(plain, "cache-control")).contains("immutable", "max-age=31536000");
            assertThat(header(plain, "content-encoding")).isEmpty();
            assertThat(header(gzip, "content-encoding")).isEqualTo("gzip");
            assertThat(header(brotli, "content-encoding")).isEqualTo("br");
            assertThat(header(refused, "content-encoding")).isEmpty();
            assertThat(length(brotli)).isLessThan(length(gzip));
            assertThat(length(gzip)).isLessThan(length(plain));
        }
    }

    private static long length(Answer answer) {
        return Long.parseLong(header(answer, "content-length"));
    }

    @Test
    void whoDoesNotAskForAPageIsToldThatThereIsNone() {
        for (String path : List.of("/assets/index-00000000.js", "/settings", "/api/v1/nothing", "/../openapi.json")) {
            Answer answer = controller.ask("GET", path, "", "accept", "*/*");

            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(header(answer, "content-type")).as(path).isEqualTo("application/problem+json");
        }
        assertThat(page("/api/v1/nothing").status()).isEqualTo(404);
        assertThat(controller.ask("POST", "/settings", "{}").status()).isEqualTo(405);
    }
}
