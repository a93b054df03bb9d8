package io.onebox.shared.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rates as people write them, `16Mbit/s`; inside they are bytes per second.
public final class Rates {

    /// No rate at all, but whatever is measured.
    static final String AUTO = "auto";

    private static final Pattern RATE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?) ?([kMG]?)bit/s");

    private static final BigDecimal BITS = BigDecimal.valueOf(Byte.SIZE);

    private Rates() {}

    /// Bytes per second, or empty if `text` is not a rate.
    public static Optional<Long> parse(String text) {
        Matcher matcher = RATE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int power = switch (matcher.group(2)) {
            case "k" -> 3;
            case "M" -> 6;
            case "G" -> 9;
            default -> 0;
        };
        BigDecimal bits = new BigDecimal(matcher.group(1)).scaleByPowerOfTen(power);
        return Optional.of(bits.divide(BITS, 0, RoundingMode.DOWN).longValueExact());
    }

    /// A bound in bytes per second as [#parse] reads it, every bit of it, or `auto`.
    public static String exact(long bytesPerSecond) {
        if (bytesPerSecond == LinkConfig.NO_LIMIT) {
            return AUTO;
        }
        BigDecimal bits = BigDecimal.valueOf(bytesPerSecond).multiply(BITS);
        boolean isLarge = bits.precision() > 6;
        String number = bits.movePointLeft(isLarge ? 6 : 3).stripTrailingZeros().toPlainString();
        return number + (isLarge ? "Mbit/s" : "kbit/s");
    }

    /// Bits per second in three figures, such as `16.4Mbit/s`.
    public static String format(double bitsPerSecond) {
        String[] units = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s"};
        double value = bitsPerSecond;
        int unit = 0;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1_000;
            unit++;
        }
        String number = unit == 0 || value >= 99.95
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, value >= 9.995 ? "%.1f" : "%.2f", value);
        return number + units[unit];
    }
}
