import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeClone, withoutCompilers } from "./clone.ts";
import type { Built, Clone, Ended } from "./clone.ts";
import { startCacheServer } from "./server.ts";

/** What was seen of a cache server that clones share. */
export interface Trial {
  /** The server's address. */
  url: string;
  /** A clone that builds all, and gives it to the server. */
  first: Timed<Built>;
  /** Another one, which has no Rust, Go or Zig. */
  second: Timed<Built>;
  /** The tests of an example in each language there. */
  tests: Ended;
  /** The examples in WAT, when the server is gone and there is nothing in a cache. */
  alone: Timed<Built>;
}

type Timed<T> = T & { seconds: number };

/** Has clones share a cache server on loopback. All that it makes is in the folder. */
export async function tryRemoteCache(folder: string, log: (line: string) => void = () => {}): Promise<Trial> {
  const server = await startCacheServer(join(folder, "server"));
  const url = server.variables.TURBO_API;
  try {
    log(`a cache server at ${url}`);
    // Both of the same state, should someone be at work here.
    const one = await makeClone(join(folder, "first"));
    const two = await makeClone(join(folder, "second"));
    const bare = withoutCompilers(join(folder, "home"));
    const first = await timed(() => one.build(server.variables));
    log(`the first clone: ${described(first)}`);

    const second = await timed(() => two.build({ ...server.variables, ...bare }));
    log(`the second clone, without Rust, Go and Zig: ${described(second)}`);
    const tests = await testSome(two, bare);
    log(`its tests: ${tests.exitCode === 0 ? "passed" : "FAILED"}`);

    await server.stop();
    rmSync(join(two.dir, ".turbo"), { recursive: true });
    two.removeModules("wat");
    const alone = await timed(() => two.build({ ...server.variables, ...bare }, "build:wat"));
    log(`the examples in WAT, without the server: ${described(alone)}`);
    return { url, first, second, tests, alone };
  } finally {
    await server.stop();
  }
}

async function testSome({ node }: Clone, bare: NodeJS.ProcessEnv): Promise<Ended> {
  const some = ["assemblyscript", "go", "rust", "wat", "zig"].map((language) => `examples/${language}/read-file`);
  return node(["node_modules/vitest/vitest.mjs", "run", ...some], { ...bare, NO_COLOR: "1" });
}

async function timed<T>(action: () => Promise<T>): Promise<Timed<T>> {
  const started = performance.now();
  const done = await action();
  return { ...done, seconds: (performance.now() - started) / 1000 };
}

function described({ tasks, modules, seconds, exitCode }: Timed<Built>): string {
  const cached = Object.values(tasks).filter((it) => it === "REMOTE").length;
  const all = Object.keys(tasks).length;
  return `${modules} modules in ${seconds.toFixed(1)} s, ${cached} of ${all} tasks from the server${exitCode === 0 ? "" : ` (FAILED with ${exitCode})`}`;
}
