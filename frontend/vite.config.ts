/** How the pages are built and tested. */
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { cpSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

/**
 * The vision library loads its WebAssembly by address. We serve it ourselves, in a folder that
 * carries the library's version, as src/livekit/blur.ts names it.
 */
function visionFiles() {
  const library = new URL("node_modules/@mediapipe/tasks-vision/", import.meta.url);
  return {
    name: "nonza-vision-files",
    writeBundle({ dir = "dist" }: { dir?: string }) {
      const { version } = JSON.parse(readFileSync(new URL("package.json", library), "utf8")) as {
        version: string;
      };
      cpSync(new URL("wasm/", library), `${dir}/vision-${version}`, { recursive: true });
    },
  };
}

export default defineConfig({
  // Django serves the built files under STATIC_URL.
  base: "/static/",
  plugins: [react(), tailwindcss(), visionFiles()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    sourcemap: false,
    modulePreload: { polyfill: false },
    // The content security policy allows no data: URL outside of images.
    assetsInlineLimit: 0,
    // livekit-client alone is more than the usual 500 kB; `npm run weight` keeps the real bounds.
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      // htmx could evaluate; we switch that off, and the content security policy forbids it.
      checks: { eval: false },
      input: [
        "src/entries/call.tsx",
        "src/entries/pages.ts",
        "src/entries/space.ts",
        "src/entries/ui-kit.tsx",
      ],
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            // Only src/livekit imports it, and only the call imports src/livekit.
            {
              name: "livekit-client",
              test: /node_modules[\\/](livekit-client|@livekit[\\/](?!track-processors)|@bufbuild|machina|sdp|sdp-transform|webrtc-adapter|ts-debounce|loglevel|jose)/,
            },
          ],
        },
      },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["tests/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
    restoreMocks: true,
    css: false,
    // A busy machine is no fault; what hangs is found all the same.
    testTimeout: 30_000,
  },
});
