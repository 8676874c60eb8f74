import { x } from "tinyexec";
import { expect, onTestFinished, test, vi } from "vitest";
import { environmentWithout } from "./environment.ts";

test("leaves variables out of the environment of a process", async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("CI", "1");
  vi.stubEnv("KEPT", "kept");

  const { stdout } = await x(process.execPath, ["-p", "JSON.stringify([process.env.CI, process.env.KEPT])"], {
    nodeOptions: { env: environmentWithout(/^CI$/) },
  });

  expect(JSON.parse(stdout)).toEqual([null, "kept"]);
});
