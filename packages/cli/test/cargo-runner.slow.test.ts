import { ensureRust } from "@wasi-kit/compiler";
import type { RustToolchain } from "@wasi-kit/compiler";
import { x } from "tinyexec";
import type { Output } from "tinyexec";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bin, makeFolder, remove } from "./helpers/command.ts";

let dir: string;
let rust: RustToolchain;

// A crate as `cargo new` makes it, with nothing of ours in it.
beforeAll(async () => {
  dir = await makeFolder({
    "Cargo.toml": '[package]\nname = "my-crate"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n',
    "src/main.rs": `use std::env;

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    println!("{} {:?} {}", my_crate::double(21), args, env::vars().count());
    if args.first().is_some_and(|arg| arg == "fail") {
        std::process::exit(7);
    }
}
`,
    "src/lib.rs": `/// Twice as much.
pub fn double(number: u32) -> u32 {
    number * 2
}

#[cfg(test)]
mod tests {
    #[test]
    fn doubles() {
        assert_eq!(super::double(2), 4);
        println!("it was called");
    }

    #[test]
    #[ignore = "fails where it is asked for"]
    fn breaks() {
        panic!("it was asked to break");
    }
}
`,
    "tests/files.rs": `#[test]
fn reads_a_file() {
    assert_eq!(std::fs::read_to_string("tests/data.txt").unwrap(), "data\\n");
}
`,
    "tests/data.txt": "data\n",
  });
  rust = await ensureRust({ dir, log: () => {} });
});
afterAll(() => remove(dir));

/** Cargo, with wasi-kit as the runner of its target. */
async function cargo(args: readonly string[], options = ""): Promise<Output> {
  const [command = "", ...rest] = args;
  const runner = `CARGO_TARGET_${rust.target.toUpperCase().replaceAll("-", "_")}_RUNNER`;
  const env = { RUSTC: rust.rustc, [runner]: `${process.execPath} ${bin} run ${options}--` };
  return x(rust.cargo, [command, "--quiet", "--target", rust.target, ...rest], {
    nodePath: false,
    nodeOptions: { cwd: dir, env },
  });
}

test.each<[args: string[], stdout: string, exitCode: number]>([
  [["run"], "42 [] 0\n", 0],
  [["run", "--", "a b", "--", "--dir", "-x", "b.wasm"], '42 ["a b", "--", "--dir", "-x", "b.wasm"] 0\n', 0],
  [["run", "--release", "--", "fail"], '42 ["fail"] 0\n', 7],
])("cargo %j", async (args, stdout, exitCode) => {
  const result = await cargo(args);
  expect(result).toMatchObject({ stdout, exitCode });
});

test("cargo run, with what the runner grants", async () => {
  const { stdout } = await cargo(["run"], "--env A=1 --env B=2 ");
  expect(stdout).toBe("42 [] 2\n");
});

test("cargo test runs the tests, and passes on the names and options that follow", async () => {
  const all = await cargo(["test", "--lib"]);
  expect(all.exitCode).toBe(0);
  expect(all.stdout).toContain("test result: ok. 1 passed; 0 failed; 1 ignored;");
  const shown = await cargo(["test", "--lib", "doubles", "--", "--nocapture", "--exact"]);
  expect(shown.stdout).toContain("0 passed;");
  const exact = await cargo(["test", "--lib", "--", "--nocapture", "--exact", "tests::doubles"]);
  expect(exact.stdout).toContain("it was called");
  expect(exact.stdout).toContain("1 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out");
});

test("cargo test fails where a test does", async () => {
  const { stdout, stderr, exitCode } = await cargo(["test", "--lib", "--", "--ignored", "--nocapture"]);
  expect(exitCode).not.toBe(0);
  expect(`${stdout}${stderr}`).toContain("it was asked to break");
  expect(stderr).toContain("trapped: unreachable");
  expect(stderr).toContain("A test panicked, and ended all the tests with it");
  expect(stderr).not.toContain("kept back");
});

test("of a test whose message is kept back, it is said how to see it, and nothing else", async () => {
  const { stdout, stderr, exitCode } = await cargo(["test", "--lib", "--", "--ignored"]);
  expect(exitCode).not.toBe(0);
  expect(stdout + stderr).not.toContain("it was asked to break");
  expect(stderr).toContain("A test panicked, and ended all the tests with it");
  expect(stderr).toContain("to see it, type: cargo test -- --nocapture");
  expect(stderr).not.toMatch(/variable|its arguments|directory|--dir|--env/);
  const frames = [...stderr.matchAll(/^ {2}at (.*)$/gm)].map(([, frame]) => frame);
  expect(frames[0]).toMatch(/^\w+::tests::breaks \(src\/lib\.rs:17:/);
  expect(frames.filter((it) => /library\/|^test::/.test(it ?? ""))).toEqual([]);
});

test("a test reaches no file, until the runner grants the folder", async () => {
  const args = ["test", "--test", "files"];
  const denied = await cargo(args);
  expect(denied.exitCode).not.toBe(0);
  expect(denied.stderr).toContain("trapped: unreachable");
  const granted = await cargo(args, "--dir .::.::ro ");
  expect(granted.stdout).toContain("1 passed");
});
