import { GuestError, instantiate } from "@wasi-kit/runner";
import { compile } from "./compile.ts";

interface Limited {
  /** An i64 is a bigint. */
  now(): bigint;
  random(): number;
  forever(): void;
  grow(pages: number): number;
}

const bytes = await compile("limited.wat");
const options = {
  clock: { start: "2020-07-01T00:00:00Z" },
  randomSeed: 42,
  maxMemoryBytes: 4 * 65_536,
};

// Two instances that know nothing of each other.
for (const name of ["first", "second"]) {
  const { exports, close } = await instantiate<Limited>(bytes, options);
  const time = new Date(Number(exports.now() / 1_000_000n));
  console.log(name, time.toISOString(), exports.random(), exports.random(), exports.random());
  close();
}

const { exports, close } = await instantiate<Limited>(bytes, { ...options, timeoutMs: 2000 });
console.log(exports.grow(3), exports.grow(1));
try {
  exports.forever();
} catch (error) {
  if (!(error instanceof GuestError)) throw error;
  console.log(error.outcome, error.exitCode);
}
close();
