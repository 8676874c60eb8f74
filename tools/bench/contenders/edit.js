// How long it takes from an edited source to the program's new output, or, with `compiler`, to a module:
//
//     edit.js dev|compiler FOLDER
//
// FOLDER has a program that prints a greeting, of which nothing else was compiled: see createEdited.
// Prints milliseconds: the median of seven edits, after one that is not counted.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { compile } from "./compile.js";

const [how, folder] = process.argv.slice(2);
const { language, source } = JSON.parse(readFileSync(join(folder, "edited.json"), "utf8"));
const path = join(folder, source);
const bin = fileURLToPath(new URL("../../../packages/cli/bin/wasi-kit.cjs", import.meta.url));

/** Writes a greeting of its own into the source, always of one length. */
let greeting = readFileSync(path, "utf8").match(/greeting-\d{4}/)[0];
let edits = 0;
function edit() {
  const next = `greeting-${String(1000 + ((edits++ * 37 + process.pid) % 9000))}`;
  writeFileSync(path, readFileSync(path, "utf8").replace(greeting, next));
  greeting = next;
  return next;
}

const ways = {
  async compiler() {
    compile(language, { dir: folder, source: path, output: "program.wasm", targetDir: join(folder, "target") });
  },
  async dev(text) {
    await shown(text);
  },
};

let output = "";
let tell = () => {};
async function shown(text) {
  while (!output.includes(text)) await new Promise((resolve) => (tell = resolve));
}

let child;
if (how === "dev") {
  child = spawn(process.execPath, [bin, "dev", folder], { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
      tell();
    });
  }
  await shown("waiting for changes");
}
const times = [];
for (let i = 0; i < 8; i++) {
  // Nobody saves twice in a moment: the watcher takes a second change of a file within 50 ms for a part of the first.
  await delay(200);
  output = "";
  const started = performance.now();
  await ways[how](edit());
  times.push(performance.now() - started);
  if (child) await shown("waiting for changes");
}
child?.kill("SIGTERM");
console.log(times.slice(1).toSorted((a, b) => a - b)[3]);
