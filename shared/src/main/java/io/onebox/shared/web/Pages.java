package io.onebox.shared.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Pages of the module `web-ui`: a handful of files, in memory and compressed since the build.
///
/// Every page is the same document, so the path says only what its script shows. The names of all other files have a
/// hash of their content in them; a browser may keep those for ever, and the document never.
public final class Pages {

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

    private Pages(Map<String, Asset> assets, Asset document) {
        this.assets = assets;
        this.document = document;
    }

    /// Reads all of them. Blocks.
    ///
    /// @param name `console` or `dashboard`
    public static Pages read(String name) {
        String directory = "/io/onebox/" + name + "/";
        Map<String, Asset> assets = new HashMap<>();
        bytes(directory, "files")
                .toString(StandardCharsets.UTF_8)
                .lines()
                .filter(file -> !file.equals(DOCUMENT))
                .forEach(file -> assets.put(file, asset(directory, file)));
        return new Pages(assets, asset(directory, DOCUMENT));
    }

    private static Asset asset(String directory, String name) {
        return new Asset(
                type(name), bytes(directory, name), bytes(directory, name + ".gz"), bytes(directory, name + ".br"));
    }

    private static Buffer bytes(String directory, String name) {
        try (InputStream file = Pages.class.getResourceAsStream(directory + name)) {
            if (file == null) {
                throw new IllegalStateException(directory + name + " is missing; build the module web-ui");
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

    /// Answers with the file of a path, if there is one.
    ///
    /// @return whether it answered
    public boolean file(HttpServerRequest request, String path) {
        Optional<Asset> asset = Optional.ofNullable(assets.get(path.substring(1)));
        asset.ifPresent(found -> answer(request, found, "public, max-age=31536000, immutable"));
        return asset.isPresent();
    }

    /// Answers with the document, if a browser asks for a page.
    ///
    /// @return whether it answered
    public boolean page(HttpServerRequest request) {
        String accepted = request.getHeader("accept");
        boolean isBrowser = accepted != null && accepted.contains("text/html");
        if (isBrowser) {
            answer(request, document, "no-store");
        }
        return isBrowser;
    }

    private static void answer(HttpServerRequest request, Asset asset, String caching) {
        HttpServerResponse response = request.response()
                .putHeader("content-type", asset.type())
                .putHeader("content-security-policy", POLICY)
                .putHeader("cross-origin-opener-policy", "same-origin")
                .putHeader("cross-origin-resource-policy", "same-origin")
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("cache-control", caching)
                .putHeader("vary", "accept-encoding");
        String accepted = request.getHeader("accept-encoding");
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
