import { defineConfig } from "vitest/config";

const controller = process.env["CONTROLLER"] ?? "https://127.0.0.1:8443";

/** The bundle: "console" or "dashboard". Both have the same document, which begins with the script of that name. */
export default defineConfig(({ mode }) => ({
  plugins: [
    {
      name: "begin",
      transformIndexHtml: {
        order: "pre",
        handler: (html) => html.replace("/src/console.tsx", mode === "dashboard" ? "/src/dashboard.tsx" : "$&"),
      },
    },
  ],
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    target: "es2022",
    outDir: `target/classes/io/onebox/${mode}`,
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  // What `npx vite` shows while you change it; the controller takes no request of another origin.
  server: {
    proxy: {
      "/api": { target: controller, changeOrigin: true, secure: false, ws: true, headers: { origin: controller } },
    },
  },
  test: {
    include: ["test/*.test.ts"],
    reporters: ["dot", "junit"],
    outputFile: "target/surefire-reports/TEST-web-ui.xml",
  },
}));
