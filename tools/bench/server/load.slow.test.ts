import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { sendLoad } from "./load.ts";
import { loadExample } from "./report.ts";

const folder = mkdtempSync(join(tmpdir(), "wasi-kit-load-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a server under load loses no request, mixes none up, and keeps no descriptor", { timeout: 300_000 }, async () => {
  const { alone, mixed, before, after } = await loadExample(folder, 2000);
  const problems = Object.entries({ alone, ...mixed }).map(([name, load]) => [name, load.problems]);
  expect(Object.fromEntries(problems)).toEqual({
    alone: {},
    good: {},
    trapping: {},
    flooding: {},
    endless: {},
    aborted: {},
  });
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors);
});

test("a request that gets another's answer is noticed", async () => {
  const { createServer } = await import("node:http");
  const server = createServer((_request, response) => void response.end('{"outcome":"exited","stdout":"good 1."}'));
  await new Promise<void>((resolve) => void server.listen(0, resolve));
  try {
    const { port } = server.address() as { port: number };
    const traffic = { program: "good", share: 1000, connections: 2, outcome: "exited" } as const;
    const { problems } = await sendLoad(`http://localhost:${port}`, "mixed-up", traffic, 10);
    expect(problems).toEqual({ "the output of another request": 10 });
  } finally {
    server.close();
  }
});
