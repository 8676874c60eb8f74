import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, closeSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@wasi-kit/compiler";
import Table from "cli-table3";
import { root } from "../root.ts";
import { compare } from "./comparison.ts";
import type { Comparison, Measured } from "./comparison.ts";

// `pnpm bench`: wasi-kit beside bare node:wasi. The table goes to stdout, and
// with `pnpm bench FILE.json` the figures to a file as well.
const folder = mkdtempSync(join(tmpdir(), "wasi-kit-bench-"));
try {
  const measured: Measured[] = [];
  for (const comparison of await comparisons()) {
    process.stderr.write(`${comparison.name} …\n`);
    measured.push(...(await compare(comparison)));
  }
  process.stdout.write(`${table(measured)}\n`);
  const [file] = process.argv.slice(2);
  if (file) writeFileSync(file, `${JSON.stringify({ machine: machine(), measured }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

async function comparisons(): Promise<Comparison[]> {
  const bare = join(root, "tools/bench/bare.cjs");
  const command = join(root, "packages/cli/bin/wasi-kit.cjs");
  const hello = join(root, "examples/wat/hello");
  const helloModule = join(hello, "build/hello.wasm");
  const [paths, writes] = await Promise.all(["paths", "writes"].map(compileGuest));

  const sandbox = join(folder, "sandbox");
  mkdirSync(join(sandbox, "a/b"), { recursive: true });
  writeFileSync(join(sandbox, "a/b/file"), "");
  const output = join(folder, "output");

  return [
    {
      name: "hello world in WAT, whole process",
      rounds: 20,
      contenders: {
        "the article's script": () => node([bare, helloModule]),
        "wasi-kit run MODULE": () => node([command, "run", helloModule]),
        "wasi-kit run DIR": () => node([command, "run", hello]),
      },
    },
    {
      name: "100,000 × open, stat and close, three components deep",
      rounds: 5,
      contenders: {
        "bare node:wasi": () => node([bare, paths as string, sandbox]),
        "wasi-kit run": () => node([command, "run", "--dir", `${sandbox}::/sandbox`, paths as string]),
      },
    },
    ...[output, "/dev/null"].map((target) => ({
      name: `1,000,000 × fd_write of 12 bytes to ${target === output ? "a file" : target}`,
      rounds: 5,
      contenders: {
        "bare node:wasi": () => node([bare, writes as string], target),
        "wasi-kit run": () => node([command, "run", writes as string], target),
      },
    })),
  ];
}

async function compileGuest(name: string): Promise<string> {
  const dir = join(root, "tools/bench");
  const module = join(folder, `${name}.wasm`);
  await build({ dir, language: "wat", source: join(dir, `${name}.wat`), module });
  return module;
}

/** Runs a Node program to its end. */
async function node(args: string[], stdout = "/dev/null"): Promise<void> {
  const out = openSync(stdout, "w");
  try {
    const child = spawn(process.execPath, ["--no-warnings", ...args], { stdio: ["ignore", out, "inherit"] });
    const code = await new Promise((done) => child.on("close", done));
    if (code !== 0) throw new Error(`node ${args.join(" ")} exited with ${String(code)}`);
  } finally {
    closeSync(out);
  }
}

function table(measured: Measured[]): string {
  const { node: version, cpu } = machine();
  const layout = new Table({
    head: ["", "median", "from … to", "ratio"],
    style: { head: [], border: [], compact: true },
  });
  for (const name of new Set(measured.map(({ comparison }) => comparison))) {
    layout.push([{ colSpan: 4, content: name }]);
    for (const it of measured.filter(({ comparison }) => comparison === name)) {
      layout.push([
        `  ${it.contender}`,
        `${it.medianMs.toFixed(1)} ms`,
        `${it.minMs.toFixed(1)} … ${it.maxMs.toFixed(1)}`,
        it.ratio.toFixed(2),
      ]);
    }
  }
  return `${layout.toString()}\nNode.js ${version}, ${cpu}`;
}

function machine(): { node: string; cpu: string; date: string } {
  const [cpu] = cpus();
  return { node: process.version, cpu: `${cpus().length} × ${cpu?.model ?? "?"}`, date: new Date().toISOString() };
}
