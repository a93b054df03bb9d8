package io.onebox.testbed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;

/// The emulator as a process of its own: commands on standard input, one answer a line on standard output,
/// `ok …` or `error …`. Ends, and takes its interfaces along, when its input ends.
///
/// Meant to run under `chrt -r 10`: with a compiler beside it the 99th percentile of lateness was 8 ms without
/// and below 0.13 ms with real-time priority (testbed.md).
public final class EmulatedWanProcess {

    private EmulatedWanProcess() {}

    /// Runs until standard input ends.
    ///
    /// @param args the seed of all chance, or nothing for 1
    public static void main(String[] args) throws IOException {
        long seed = args.length == 0 ? 1 : Long.parseLong(args[0]);
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (var wan = new EmulatedWan(new SplittableRandom(seed))) {
            out.println("ok emulated wan, seed " + seed);
            String line = in.readLine();
            while (line != null) {
                out.println(answer(wan, line));
                line = in.readLine();
            }
        }
    }

    private static String answer(EmulatedWan wan, String line) {
        try {
            return "ok " + wan.execute(line).join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            return "error " + (cause == null ? e : cause).getMessage();
        }
    }
}
