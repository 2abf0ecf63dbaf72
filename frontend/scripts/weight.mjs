/**
 * Weighs, after a build, the JavaScript that a person loads: to the gate, the whole way into a call,
 * with each page of a space, before a call, and beyond that with a text channel. Fails if one is over its bound (what a phone on a
 * slow line can wait for).
 */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const KILOBYTE = 1000;
const BOUNDS = { gate: 120, call: 280, space: 60, chat: 130 };
const ENTRY = "src/entries/call.tsx";
const LANGUAGES = ["en", "ru"];

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", dist), "utf8"));

/** The chunk and everything it imports statically. */
function withImports(name, found = new Set()) {
  if (found.has(name)) return found;
  const chunk = manifest[name];
  if (!chunk) throw new Error(`${name} is not in the build.`);
  found.add(name);
  for (const imported of chunk.imports ?? []) withImports(imported, found);
  return found;
}

function weigh(names) {
  const files = new Set();
  for (const name of names) {
    for (const chunk of withImports(name)) files.add(manifest[chunk].file);
  }
  let bytes = 0;
  for (const file of files) {
    if (file.endsWith(".js"))
      bytes += gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
  }
  return bytes / KILOBYTE;
}

let over = false;
for (const language of LANGUAGES) {
  const words = (area) => `src/i18n/${language}/${area}.ts`;
  const gate = [ENTRY, words("common"), words("sessions")];
  const call = [...gate, words("call"), "src/call/CallPage.tsx"];
  const space = ["src/entries/space.ts", words("common"), words("spaces")];
  const chat = ["src/chat/channel/mountChannel.tsx", words("conversation"), words("chat")];
  for (const [way, names] of Object.entries({ gate, call, space, chat })) {
    const weight = weigh(names);
    const fits = weight <= BOUNDS[way];
    over ||= !fits;
    console.log(
      `${language} ${way}: ${weight.toFixed(1)} kB of ${BOUNDS[way]} kB${fits ? "" : ", TOO MUCH"}`,
    );
  }
}
process.exitCode = over ? 1 : 0;
