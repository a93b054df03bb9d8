import { defineConfig } from "vitest/config";

export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    target: "es2022",
    outDir: "target/classes/io/onebox/console",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  // `npx vite` beside a controller of yours: CONTROLLER=https://127.0.0.1:8443
  server: { proxy: { "/api": { target: process.env["CONTROLLER"] ?? "https://127.0.0.1:8443", secure: false } } },
  test: {
    include: ["test/*.test.ts"],
    reporters: ["dot", "junit"],
    outputFile: "target/surefire-reports/TEST-web-ui.xml",
  },
});
