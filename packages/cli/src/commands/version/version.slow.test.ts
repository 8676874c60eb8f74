import { expect, test } from "vitest";
import { wasiKit } from "../../../test/helpers/command.ts";
import packageJson from "../../../package.json" with { type: "json" };

test("the version of wasi-kit, and what it runs on, as an object", async () => {
  const { exitCode, stdout } = await wasiKit(["version", "--json"]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    version: packageJson.version,
    node: process.versions.node,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
  });
});

test("the same for a person", async () => {
  const { stdout } = await wasiKit(["version"]);
  expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
    ["wasi-kit", packageJson.version],
    ["Node.js", process.versions.node],
    ["V8", process.versions.v8],
    ["platform", `${process.platform} ${process.arch}`],
    [""],
  ]);
});
