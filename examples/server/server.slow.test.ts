import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream as WebReadableStream } from "node:stream/web";
import { promisify } from "node:util";
import { trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Answer } from "./answer.ts";
import { assembleGuests } from "./guests.ts";
import { maxBodyBytes } from "./limits.ts";
import { startServer } from "./server.ts";
import type { RunningServer } from "./server.ts";

const motd = "Nobody changes this.\n";
let folder: string;
let server: RunningServer;
let guests: Awaited<ReturnType<typeof assembleGuests>>;
const spans = new InMemorySpanExporter();

beforeAll(async () => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
  folder = mkdtempSync(join(tmpdir(), "wasi-kit-server-"));
  writeFileSync(join(folder, "motd.txt"), motd);
  server = await startServer({ shared: folder });
  guests = await assembleGuests();
  for (const [name, body] of guests) await fetch(`${server.url}/programs/${name}`, { method: "PUT", body });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
  trace.disable();
});

const post = (name: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}/programs/${name}`, { method: "POST", ...init });

async function run(name: string, init?: RequestInit): Promise<Answer> {
  const response = await post(name, init);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const line = text.split("\n").find((it) => it.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
};

/** A busy machine takes its time. */
const patience = { timeout: 30_000 };

const formWith = (files: Record<string, string>): FormData => {
  const form = new FormData();
  for (const [name, content] of Object.entries(files)) form.set(name, new File([content], name));
  return form;
};

test("the server says which programs it has", async () => {
  const response = await fetch(`${server.url}/programs`);
  expect(await response.json()).toEqual(guests.map(([name]) => name).toSorted());
});

test.each<[name: string, init: RequestInit, answer: Partial<Answer>]>([
  ["cat", { body: "größe" }, { outcome: "exited", exitCode: 0, stdout: "größe", files: {} }],
  ["cat", {}, { stdout: "" }],
  ["save", { body: "text" }, { stdout: "", files: { "out.txt": "text" } }],
  ["save", { body: Buffer.from([0xff, 0]) }, { files: { "out.txt": { base64: "/wA=" } } }],
  ["show", { body: formWith({ "in.txt": "uploaded" }) }, { stdout: "uploaded", files: {} }],
  ["show", { body: formWith({ "../../in.txt": "by its last name" }) }, { stdout: "by its last name" }],
  ["trap", {}, { outcome: "trapped", exitCode: 134, trap: "unreachable" }],
  ["endless", {}, { outcome: "timed-out", limit: "timeoutMs" }],
  ["flood", {}, { outcome: "output-limit", limit: "maxOutputBytes" }],
])("a request is a run: %s with %j", async (name, init, answer) => {
  expect(await run(name, init)).toMatchObject(answer);
});

test("an answer has the files that its program made, and none that were uploaded", async () => {
  const body = formWith({ "in.txt": "uploaded" });
  body.set("stdin", "made");
  expect((await run("save", { body })).files).toEqual({ "out.txt": "made" });
});

test("what a program changes in the directory that all share, nobody else sees", async () => {
  for (const body of ["first", "second"]) expect(await run("deface", { body })).toMatchObject({ stdout: motd });
  expect(readFileSync(join(folder, "motd.txt"), "utf8")).toBe(motd);
});

test("an answer has the id of its request, and says how long it took", async () => {
  const { headers } = await post("cat", { headers: { "x-request-id": "my-id" } });
  expect(headers.get("x-request-id")).toBe("my-id");
  expect(headers.get("server-timing")).toMatch(/^queue;dur=[\d.]+, run;dur=[\d.]+$/);
  expect((await post("cat")).headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
});

test("output comes while the program is still running, and its end in the last line", async () => {
  const started = performance.now();
  const { body, headers } = await post("stuck", { headers: { accept: "application/x-ndjson" } });
  expect(headers.get("content-type")).toBe("application/x-ndjson");
  const lines = createInterface({ input: Readable.fromWeb(body as WebReadableStream) });
  const [first] = (await once(lines, "line")) as [string];
  expect(JSON.parse(first)).toEqual({ stdout: "flood\n" });
  expect(performance.now() - started).toBeLessThan(1900);
  const [last] = (await once(lines, "line")) as [string];
  expect(JSON.parse(last)).toEqual({ outcome: "timed-out", exitCode: 124, limit: "timeoutMs", files: {} });
});

const put = (name: string, body: string): Promise<Response> =>
  fetch(`${server.url}/programs/${name}`, { method: "PUT", body });

test.each<[what: string, request: () => Promise<Response>, status: number, body: RegExp]>([
  ["a program that is not there", () => post("missing"), 404, /^\{"message":"There is no program missing\."\}$/],
  [
    "what is no module",
    () => put("broken", "text"),
    422,
    /^\{"code":"E_NOT_WASM","message":"the module is not WebAssembly.*","requestId":"[\w-]{36}"\}$/,
  ],
  ["a name that could be a path", () => put("..%2Fx", ""), 404, /^404 Not Found$/],
  ["an argument that can't be passed", () => post("cat?arg=a%00b"), 400, /^\{"code":"E_OPTION"/],
  ["too large a body", () => post("cat", { body: Buffer.alloc(maxBodyBytes + 1) }), 413, /^\{"message":"At most \d+ /],
])("%s is an error of the client's", async (_, request, status, body) => {
  const response = await request();
  expect(response.status).toBe(status);
  expect(await response.text()).toMatch(body);
});

test.each(["application/json", "application/x-ndjson"])(
  "a client that goes away ends its program: %s",
  async (accept) => {
    const before = await metric('wasi_runs_total{outcome="aborted"}');
    const controller = new AbortController();
    const request = post("stuck", { headers: { accept }, signal: controller.signal });
    const ended = Promise.allSettled([request.then((response) => response.text())]);
    await expect.poll(() => metric("wasi_pool_busy"), patience).toBe(1);
    controller.abort();
    await expect.poll(() => metric('wasi_runs_total{outcome="aborted"}'), patience).toBe(before + 1);
    await expect.poll(() => metric("wasi_pool_busy"), patience).toBe(0);
    expect(await ended).toMatchObject([{ status: "rejected", reason: { name: "AbortError" } }]);
  },
);

test("each run is a span, with how it ended", async () => {
  spans.reset();
  await run("trap");
  await run("cat", { headers: { authorization: "ada" } });
  expect(spans.getFinishedSpans().map(({ name, attributes, status }) => ({ name, attributes, status }))).toEqual([
    {
      name: "wasi run",
      attributes: expect.objectContaining({ "wasi.outcome": "trapped", "wasi.exit_code": 134 }) as object,
      status: { code: 2, message: "trapped" },
    },
    {
      name: "wasi run",
      attributes: expect.objectContaining({ "wasi.key": "ada", "wasi.outcome": "exited" }) as object,
      status: { code: 0 },
    },
  ]);
});

/** Ten requests after another, and what is to come of each: good ones, and what must not get in their way. */
const mix = [
  ["cat", "exited"],
  ["trap", "trapped"],
  ["cat", "exited"],
  ["flood", "output-limit"],
  ["cat", "exited"],
  ["cat", "exited"],
  ["leaves", "left"],
  ["cat", "exited"],
  ["cat", "exited"],
  ["endless", "timed-out"],
] as const;

test("under load, no answer is lost or another's, whatever other programs do", async () => {
  const ends: string[] = [];
  const requestAndCheck = async (number: number): Promise<void> => {
    const [name, outcome] = mix[number % mix.length] as (typeof mix)[number];
    const body = `request ${number}`;
    const init = { body, headers: { authorization: name } };
    if (name === "leaves") {
      await post("endless", { ...init, signal: AbortSignal.timeout(20) }).catch(() => {});
      ends.push("left");
      return;
    }
    const response = await post(name, init);
    ends.push(String(response.status));
    // One that never ends may wait for others of its client until it is refused.
    if (name === "endless" && response.status === 503) return;
    const answer = (await response.json()) as Answer;
    // On a busy machine, the deadline of one that floods may come first.
    const possible = name === "flood" ? [outcome, "timed-out"] : [outcome];
    expect(possible).toContain(answer.outcome);
    expect(answer).toMatchObject({
      stdout: expect.stringMatching(name === "cat" ? `^${body}$` : "") as string,
    });
  };
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < 100) await requestAndCheck(next++);
  };
  await Promise.all(Array.from({ length: 10 }, client));
  expect(ends.length).toBe(100);
  await expect.poll(() => metric("wasi_pool_busy"), patience).toBe(0);
});

test("a server that is told to end answers each request that it took", async () => {
  await promisify(execFile)("node_modules/.bin/tsc", ["-p", "."], { cwd: import.meta.dirname });
  const cat = join(folder, "cat.wasm");
  writeFileSync(cat, guests.find(([name]) => name === "cat")?.[1] as Uint8Array);
  const child = spawn(process.execPath, ["build/main.js", cat], {
    cwd: import.meta.dirname,
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const [url = ""] = line.split(" ");
    let answered = 0;
    const client = async (): Promise<void> => {
      for (let isOpen = true; isOpen; answered++) {
        const body = `request ${Math.random()}`;
        const response = await fetch(`${url}/programs/cat`, { method: "POST", body });
        expect(await response.json()).toMatchObject({ stdout: body });
        // An answer that says so is the last one by its connection: the next request is for another server.
        isOpen = response.headers.get("connection") !== "close";
      }
    };
    const clients = Promise.all(Array.from({ length: 8 }, client));
    await expect.poll(() => answered, patience).toBeGreaterThan(50);
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await clients;
    expect(await exited).toEqual([0, null]);
  } finally {
    child.kill("SIGKILL");
  }
});
