package io.onebox.controller.verticle;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The console: a handful of files of the module `web-ui`, in memory and compressed since the build.
///
/// Every page is the same document, so the path says only what its script shows. The names of all other files have a
/// hash of their content in them; a browser may keep those for ever, and the document never.
final class Console {

    private static final String DIRECTORY = "/io/onebox/console/";
    private static final String DOCUMENT = "index.html";

    private static final String POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self' data:",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "require-trusted-types-for 'script'");

    private final Map<String, Asset> assets;
    private final Asset document;

    private record Asset(String type, Buffer plain, Buffer gzip, Buffer brotli) {}

    private Console(Map<String, Asset> assets, Asset document) {
        this.assets = assets;
        this.document = document;
    }

    /// Reads all of it. Blocks.
    static Console read() {
        Map<String, Asset> assets = new HashMap<>();
        bytes("files")
                .toString(StandardCharsets.UTF_8)
                .lines()
                .filter(name -> !name.equals(DOCUMENT))
                .forEach(name -> assets.put(name, asset(name)));
        return new Console(assets, asset(DOCUMENT));
    }

    private static Asset asset(String name) {
        return new Asset(type(name), bytes(name), bytes(name + ".gz"), bytes(name + ".br"));
    }

    private static Buffer bytes(String name) {
        try (InputStream file = Console.class.getResourceAsStream(DIRECTORY + name)) {
            if (file == null) {
                throw new IllegalStateException("the console's file " + name + " is missing; build the module web-ui");
            }
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "css" -> "text/css;charset=utf-8";
            case "html" -> "text/html;charset=utf-8";
            case "js" -> "text/javascript;charset=utf-8";
            default -> throw new IllegalStateException("what is " + name + "?");
        };
    }

    /// Answers with a file of that path, or with the document if a browser asks for a page; all else is for others.
    void serve(RoutingContext context) {
        Optional<Asset> asset =
                Optional.ofNullable(assets.get(context.normalizedPath().substring(1)));
        if (asset.isPresent()) {
            answer(context, asset.get(), "public, max-age=31536000, immutable");
        } else if (isPage(context)) {
            answer(context, document, "no-store");
        } else {
            context.next();
        }
    }

    private static boolean isPage(RoutingContext context) {
        String path = context.normalizedPath();
        String accepted = context.request().getHeader("accept");
        boolean isForPrograms = path.startsWith("/api/") || path.startsWith("/agent/");
        return !isForPrograms && accepted != null && accepted.contains("text/html");
    }

    private static void answer(RoutingContext context, Asset asset, String caching) {
        HttpServerResponse response = context.response()
                .putHeader("content-type", asset.type())
                .putHeader("content-security-policy", POLICY)
                .putHeader("cross-origin-opener-policy", "same-origin")
                .putHeader("cross-origin-resource-policy", "same-origin")
                .putHeader("cache-control", caching)
                .putHeader("vary", "accept-encoding");
        String accepted = context.request().getHeader("accept-encoding");
        if (accepts(accepted, "br")) {
            response.putHeader("content-encoding", "br").end(asset.brotli());
        } else if (accepts(accepted, "gzip")) {
            response.putHeader("content-encoding", "gzip").end(asset.gzip());
        } else {
            response.end(asset.plain());
        }
    }

    private static boolean accepts(@Nullable String accepted, String encoding) {
        if (accepted == null) {
            return false;
        }
        for (String each : accepted.split(",", -1)) {
            if (each.strip().split(";", 2)[0].equals(encoding)
                    && !each.replace(" ", "").endsWith(";q=0")) {
                return true;
            }
        }
        return false;
    }
}
