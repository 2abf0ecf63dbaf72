/**
 * Weighs, after a build, the JavaScript that a person loads: to the gate, the whole way into a call,
 * what the chat panel adds to it, with each page of a space, before a call, and with a text channel.
 * Fails if one is over its bound (what a phone on a slow line can wait for).
 */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const KILOBYTE = 1000;
const BOUNDS = { gate: 120, call: 280, panel: 40, space: 60, chat: 130 };
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

function filesOf(names) {
  const chunks = names.flatMap((name) => [...withImports(name)]);
  return new Set(chunks.map((chunk) => manifest[chunk].file));
}

/** What these need, without what is there already. */
function weigh(names, before = []) {
  const there = filesOf(before);
  let bytes = 0;
  for (const file of filesOf(names)) {
    if (file.endsWith(".js") && !there.has(file))
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
  const panel = [
    "src/chat/session/sessionChat.ts",
    "src/chat/session/ChatInside.tsx",
    words("chat"),
    words("conversation"),
  ];
  for (const [way, names] of Object.entries({ gate, call, panel, space, chat })) {
    const weight = weigh(names, way === "panel" ? call : []);
    const fits = weight <= BOUNDS[way];
    over ||= !fits;
    console.log(
      `${language} ${way}: ${weight.toFixed(1)} kB of ${BOUNDS[way]} kB${fits ? "" : ", TOO MUCH"}`,
    );
  }
}
process.exitCode = over ? 1 : 0;
