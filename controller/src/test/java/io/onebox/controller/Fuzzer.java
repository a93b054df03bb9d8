package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;

/// Says and posts what is nearly right, as whoever is logged in.
///
/// @param random what is said depends on it alone
record Fuzzer(RunningController controller, String cookie, RandomGenerator random) {

    private static final List<String> REQUESTS =
            Corpus.BODIES.keySet().stream().sorted().toList();

    /// Says so many frames, or fewer if the other end has had enough.
    ///
    /// @param right frames to spoil
    /// @return how many
    int say(SocketClient socket, List<String> right, int most) {
        var mutations = new Mutations(random, right);
        int sent = 0;
        boolean isOver = false;
        while (sent < most && !isOver) {
            socket.trySay(mutations.next());
            sent++;
            isOver = sent % 4 == 0 && socket.closeCode(0).isPresent();
        }
        return sent;
    }

    /// Posts a body, which must not be answered with a failure of the controller's.
    ///
    /// @return the status
    int post() {
        String request = REQUESTS.get(random.nextInt(REQUESTS.size()));
        String body = new Mutations(random, List.of(Corpus.BODIES.get(request))).next();
        String[] words = request.split(" ", -1);
        int status = controller.ask(words[0], words[1], body, "cookie", cookie).status();
        assertThat(status).as(request + " " + body).isBetween(200, 499);
        return status;
    }
}
