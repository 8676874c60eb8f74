import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { findPrograms } from "@wasi-kit/manifest";
import type { Manifest } from "@wasi-kit/manifest";
import { printable } from "@wasi-kit/runner";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { normalize } from "../../../packages/vitest/src/normalize.ts";
import { hostile } from "../../../packages/runner/test/helpers/hostile.ts";
import { chromiumMissing } from "../../../tools/browser/chromium.ts";
import type { OpenPage } from "../../../tools/browser/open-page.ts";
import { violations } from "../../../tools/browser/violations.ts";
import { root } from "../../../tools/root.ts";
import { openPlayground, playgroundPage } from "./playground-page.ts";
import type { PlaygroundPage } from "./playground-page.ts";

let open: OpenPage;
let playground: PlaygroundPage;

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  open = await openPlayground();
  playground = playgroundPage(open.page);
  await open.page.locator(".cm-content").waitFor();
}, 180_000);
afterAll(() => open?.close());
beforeEach(({ skip }) => skip(chromiumMissing !== undefined, chromiumMissing));

/** Opens the page again in a tab of its own, so that a test begins as a visitor does. */
async function visit(fragment = "", size = { width: 1280, height: 900 }): Promise<PlaygroundPage> {
  const page = await open.browser.newPage({ viewport: size });
  await page.goto(open.url + fragment);
  await page.locator(".cm-content").waitFor();
  return playgroundPage(page);
}

/** What becomes so in a while: a machine may be busy with something else. */
const eventually = <T>(read: () => T, message?: string) =>
  expect.poll(read, { timeout: 20_000, ...(message === undefined ? {} : { message }) });

const examples = join(root, "examples");
const languages = readdirSync(examples).filter((it) => existsSync(join(examples, it, "hello/wasi.json")));

/** The blocks of a snapshot by title: `stdout`, `stderr`, and a directory's changes. */
function snapshotOf(folder: string, run: string) {
  const [head = "", ...blocks] = readFileSync(join(folder, "__snapshots__", `${run}.txt`), "utf8")
    .trimEnd()
    .split("\n\n");
  const fact = (name: string): string => new RegExp(`^${name} +(.*)$`, "m").exec(head)?.[1] ?? "";
  const lines = new Map(
    blocks.map((block) => {
      const [title = "", ...rest] = block.split("\n");
      return [title.replace(/ \(nothing.*\)$/, ""), rest.map((line) => line.slice(2))];
    }),
  );
  return { outcome: fact("outcome"), exitCode: fact("exit code"), lines };
}

const outcomes: Readonly<Record<string, string>> = { exited: "Exited", trapped: "Trapped", "timed-out": "Stopped" };

test.each(languages)(
  "each program in %s does what its snapshots say",
  async (language) => {
    const programs = await findPrograms(join(examples, language));
    const built = programs.filter(({ dir, manifest }) => existsSync(join(dir, manifest.module)));
    expect(built.length).toBe(language === "wat" ? 10 : built.length);
    for (const { dir, name, manifest } of built) {
      // A page has no variables to be inherited.
      const runs = Object.entries(manifest.runs).filter(([, { inheritEnv }]) => inheritEnv === undefined);
      for (const [run] of runs) {
        await playground.choose(`${language}/${name}`, run);
        const status = await playground.run();
        const { outcome, exitCode, lines } = snapshotOf(dir, run);
        const [kind = "", code] = outcome.split(/[:(]/).map((it) => it.trim().replace(")", ""));
        const isStarted = kind !== "not started";
        const streams = await Promise.all((["stdout", "stderr"] as const).map((it) => playground.output(it)));
        const [stdout = [], stderr = []] = streams.map((it) => printable(Buffer.from(it)));
        const panel = await playground.show("Changes");
        const changes = await panel.locator("li > code").allTextContents();
        const changed = [...lines].filter(([title]) => title.startsWith("/")).flatMap(([, it]) => it);
        expect({ run, status: status.replace(/, \d.* ms/, ""), stdout, stderr: normalize(stderr), changes }).toEqual({
          run,
          status: `${isStarted ? outcomes[kind] : `Not started (${code})`}, exit code ${exitCode}.`,
          stdout: lines.get("stdout") ?? [],
          stderr: lines.get("stderr") ?? [],
          changes: changed.filter((line) => /^(added|changed|removed) /.test(line)),
        });
        await playground.show("Output");
      }
    }
  },
  300_000,
);

const trapping = `(module
  (memory (export "memory") 1)
  (func $fail unreachable)
  (func $start (export "_start")
    (call $fail)))`;

test("a mistake in WAT is shown at its place, and the program runs once it is mended", async () => {
  await playground.choose("wat/hello");
  const source = readFileSync(join(examples, "wat/hello/hello.wat"), "utf8");
  const lines = source.split("\n");
  const at = lines.findIndex((line) => line.includes("(call $fd_write"));
  await playground.type(source.replace("(call $fd_write", "(call $fd_rwite"));
  await expect(playground.run()).resolves.toBe("There is no module to run.");
  const mark = open.page.locator(".cm-lintRange-error");
  await eventually(() => mark.textContent()).toBe("$fd_rwite");
  expect(await open.page.locator(".output ~ .notes .problem").textContent()).toMatch(
    new RegExp(`^hello\\.wat:${at + 1}:\\d+: error: undefined function variable "\\$fd_rwite"`),
  );
  await playground.type(source.replace("hello world", "hello reader"));
  await expect(playground.run()).resolves.toMatch(/^Exited, exit code 0/);
  expect(await playground.output("stdout")).toContain("hello reade");
  expect(await mark.count()).toBe(0);
});

test("a denied read is explained, and works once it is granted by the explanation or in the form", async () => {
  const { page } = playground;
  await playground.choose("wat/read-file", "denied");
  await expect(playground.run()).resolves.toMatch(/^Trapped, exit code 134/);
  expect(await page.locator(".explanation").textContent()).toContain("no directory was granted");
  await page.getByRole("button", { name: "Grant it in wasi.json" }).click();
  await expect(playground.run()).resolves.toMatch(/^Exited, exit code 0/);
  expect(await playground.output("stdout")).toBe("This file lies in a directory that was granted.\n");
  await playground.openFile("wasi.json");
  expect(await playground.editor.textContent()).toContain(
    '"denied": {      "exitCode": 134,      "preopens": { "/sandbox": { "path": "fixtures", "access": "read-only" } }',
  );

  await playground.choose("rust/read-file", "denied");
  await page.getByRole("button", { name: "Grant a directory" }).click();
  await expect(playground.run()).resolves.toMatch(/^Exited, exit code 0/);
  // What is written in wasi.json is in the form, and a mistake there is said.
  await playground.openFile("wasi.json");
  const manifest = JSON.parse(readFileSync(join(examples, "rust/read-file/wasi.json"), "utf8")) as Manifest;
  manifest.runs["denied"]!.preopens = { "/elsewhere": "fixtures" };
  const text = JSON.stringify(manifest, undefined, 2);
  await playground.type(text);
  await eventually(() => page.getByLabel("Guest path").inputValue()).toBe("/elsewhere");
  await expect(playground.run()).resolves.toMatch(/^Trapped, exit code 134/);
  await playground.type(text.replace('"runs"', '"rums"'));
  await eventually(() => page.locator(".grants .problem").textContent()).toContain('Did you mean "runs"?');
});

test("files of the project are what the guest reads, and what it changes can be kept", async () => {
  const { page } = playground;
  await playground.choose("wat/read-file", "granted");
  await playground.openFile("fixtures/file.txt");
  await playground.type("Another text, é.\n");
  await playground.run();
  expect(await playground.output("stdout")).toBe("Another text, é.\n");

  await playground.choose("wat/write-file", "create");
  await playground.run();
  const panel = await playground.show("Changes");
  expect(await panel.locator(".diff").textContent()).toContain("+brand new");
  expect(await page.locator(".tree").textContent()).not.toContain("new.txt");
  await panel.getByRole("button", { name: "Keep the changes in the project" }).click();
  await playground.openFile("fixtures/new.txt");
  expect(await playground.editor.textContent()).toBe("brand new");
  await playground.show("Output");
  await expect(playground.run()).resolves.toMatch(/exit code 1/);
  await page.getByLabel("Path of a new file").fill("../etc/passwd");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  expect(await page.locator(".files .problem").textContent()).toContain("leads out of the project");
  await page.getByRole("button", { name: "Remove fixtures/new.txt" }).click();
  await expect(playground.run()).resolves.toMatch(/exit code 0/);
});

test("a preopen that is not there is said", async () => {
  await playground.choose("wat/read-file", "granted");
  await open.page.getByLabel("Directory of the project for /sandbox").fill("nowhere");
  await expect(playground.run()).resolves.toBe("The run could not start.");
  expect(await open.page.locator(".notes").textContent()).toContain("The preopen /sandbox is declared as nowhere");
});

test("an endless loop is stopped by the button, and by its time", async () => {
  const { page } = playground;
  await playground.choose("wat/hello");
  await playground.type(hostile.loop);
  const stop = page.getByRole("button", { name: "Stop" });
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await eventually(() => playground.output("stdout")).toBe("flood\n");
    times.push(
      await stop.evaluate(
        (button: HTMLButtonElement) =>
          new Promise<number>((resolve) => {
            const status = (button.getRootNode() as ShadowRoot).querySelector(".status") as HTMLElement;
            const pressed = performance.now();
            const observer = new MutationObserver(() => {
              if (!status.textContent?.startsWith("Stopped")) return;
              observer.disconnect();
              resolve(performance.now() - pressed);
            });
            observer.observe(status, { childList: true });
            button.click();
          }),
      ),
    );
    expect(await playground.status.textContent()).toMatch(/^Stopped, exit code 130/);
  }
  console.log(`stopped after ${times.map((it) => it.toFixed(0)).join(", ")} ms`);
  await page.getByLabel("Time in ms").fill("200");
  await expect(playground.run()).resolves.toMatch(/^Stopped by the limit timeoutMs, exit code 124/);
});

test("the memory can be asked for while a program runs, and the run is not lost", async () => {
  await playground.choose("wat/hello");
  await playground.type(hostile.sleep.replace("3600000000000", "1500000000"));
  await open.page.getByRole("button", { name: "Run", exact: true }).click();
  await eventually(() => playground.output("stdout")).toBe("flood\n");
  const memory = await playground.show("Memory");
  await memory.getByRole("button", { name: "Next" }).click();
  await eventually(() => playground.status.textContent()).toMatch(/^Exited, exit code 0/);
  await eventually(() => memory.textContent()).toContain("Shown from 0x00000200");
  await memory.getByRole("button", { name: "Previous" }).click();
  expect(await memory.getByLabel("Address").inputValue()).toBe("0x0");
  await playground.show("Output");
});

test("a flood of output and of calls is limited", async () => {
  await playground.choose("wat/hello");
  await playground.type(hostile.flood);
  await expect(playground.run()).resolves.toMatch(/^Stopped by the limit maxOutputBytes, exit code 134/);
  expect((await playground.output("stdout")).length).toBeLessThanOrEqual(1 << 20);
  const panel = await playground.show("Trace");
  expect(await panel.locator("tbody tr").count()).toBe(2000);
  expect(await panel.textContent()).toMatch(/\d+ more calls are not shown\./);
  await playground.show("Output");
});

test("a trap leads to its place in the text", async () => {
  await playground.choose("wat/hello");
  await playground.type(trapping);
  await expect(playground.run()).resolves.toMatch(/^Trapped, exit code 134/);
  const frames = open.page.locator(".frames button");
  expect(await frames.allTextContents()).toEqual(["fail (hello.wat:3:15)", "start (hello.wat:5:6)"]);
  await playground.openFile("wasi.json");
  await frames.first().click();
  await eventually(() => open.page.locator(".cm-activeLine").textContent()).toContain("(func $fail unreachable)");
});

test("a call leads to its import, and the memory can be read", async () => {
  await playground.choose("wat/hello");
  await playground.run();
  const trace = await playground.show("Trace");
  expect(await trace.locator("tbody tr").first().textContent()).toMatch(
    /fd_write\(1<stdout>, "hello world\\n" \(12 bytes\)\)12/,
  );
  await trace.getByRole("button", { name: "fd_write" }).click();
  expect(await open.page.locator("tr.marked").textContent()).toContain("fd_write");
  const memory = await playground.show("Memory");
  await eventually(() => memory.locator(".memory").textContent()).toContain("hello wo\n00000010  72 6c 64 0a");
  await memory.getByLabel("Address").fill("nonsense");
  await memory.getByRole("button", { name: "Go" }).click();
  expect(await memory.textContent()).toContain("nonsense is no address");
  await memory.getByLabel("Address").fill("0xfff0");
  await memory.getByRole("button", { name: "Go" }).click();
  await eventually(() => memory.locator(".memory").textContent()).toMatch(/^0000fff0( {2}| )(00 ){16}/);
  await playground.show("Output");
});

/** Drops a file on the playground, as from a desktop. */
async function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await page.locator(".wasi-kit-playground").evaluate(
    (host, [file, content]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([new Uint8Array(content)], file));
      host.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, [...bytes]] as const,
  );
}

test("a module that is dropped is inspected and run, and bytes that are none are said to be", async () => {
  const visitor = await visit();
  await drop(visitor.page, "args.wasm", readFileSync(join(examples, "rust/args-env/build/args-env.wasm")));
  const panel = visitor.page.getByRole("tabpanel", { name: /^Module/ });
  await eventually(() => panel.textContent()).toContain("args_sizes_get");
  expect(await panel.locator("dl").textContent()).toMatch(/Kindcommand.*Rust/);
  await visitor.page.getByRole("button", { name: "Add an argument" }).click();
  await visitor.page.getByLabel("Argument 1", { exact: true }).fill("one two");
  await visitor.show("Output");
  await expect(visitor.run()).resolves.toMatch(/^Exited, exit code 0/);
  expect(await visitor.output("stdout")).toContain("one two");

  await drop(visitor.page, "text.wasm", Buffer.from("no module"));
  await eventually(() => panel.textContent()).toContain("is not WebAssembly");
  await visitor.page.close();
});

test("a link opens the whole state again, and a bad one says so", async () => {
  const visitor = await visit();
  await visitor.choose("assemblyscript/read-file", "by-argument");
  await visitor.openFile("fixtures/notes/today.txt");
  await visitor.type("Shared, with ß.\n");
  await visitor.page.getByRole("button", { name: "Share" }).click();
  await eventually(() => visitor.page.url()).toContain("#playground=1.");
  const fragment = new URL(visitor.page.url()).hash;
  await visitor.page.close();

  const other = await visit(fragment);
  await eventually(() => other.page.getByLabel("Program", { exact: true }).inputValue()).toBe(
    "assemblyscript/read-file",
  );
  await expect(other.run()).resolves.toMatch(/^Exited/);
  expect(await other.output("stdout")).toBe("Shared, with ß.\n");
  await other.page.close();

  const bomb = await packed(`{"run":"a","files":{"a":"${" ".repeat(5 << 20)}"}}`);
  for (const [bad, message] of [
    [fragment.slice(0, -20), "This link is damaged"],
    ["#playground=1.!!!", "This link is damaged"],
    ["#playground=9.abc", "another version"],
    [await packed('{"run":"a","files":{"../a":"b"}}'), "This link is damaged"],
    [await packed('{"run":"a","files":{"a":1}}'), "This link is damaged"],
    [await packed('{"run":"a","files":{},"script":"x"}'), "This link is damaged"],
    [await packed("[1, 2"), "This link is damaged"],
    [bomb, "unpacks to more than 4 MiB"],
  ] as const) {
    const page = await visit(bad);
    await eventually(() => page.page.locator(".notes").textContent(), bad.slice(0, 40)).toContain(message);
    await eventually(() => page.page.getByLabel("Program", { exact: true }).inputValue()).toBe("wat/hello");
    await page.page.close();
  }
});

test("an address names a program, and one that is not there is said", async () => {
  const visitor = await visit("?program=rust/read-file");
  const program = visitor.page.getByLabel("Program", { exact: true });
  await eventually(() => program.inputValue()).toBe("rust/read-file");
  await visitor.page.goto(`${open.url}?program=none/such`);
  await eventually(() => program.inputValue()).toBe("wat/hello");
  await visitor.page.locator(".notes .problem").waitFor();
  expect(await visitor.page.locator(".notes").textContent()).toBe(
    "There is no program none/such here. Choose another one.",
  );
  await visitor.page.close();
});

/** A text as the fragment of a link. */
async function packed(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return `#playground=1.${Buffer.from(await new Response(stream).arrayBuffer()).toString("base64url")}`;
}

test("AssemblyScript is compiled in the page once it is changed; a mistake is shown at its place", async () => {
  const visitor = await visit();
  const loaded: string[] = [];
  visitor.page.on("request", (request) => loaded.push(request.url()));
  await visitor.choose("assemblyscript/hello");
  await expect(visitor.run()).resolves.toMatch(/^Exited/);
  expect(loaded.join("\n")).not.toMatch(/asc|binaryen|libraries/);
  const source = readFileSync(join(examples, "assemblyscript/hello/assembly/index.ts"), "utf8");
  const changed = source.replace("Hello, world", "Hello, page");
  expect(changed).not.toBe(source);
  await visitor.openFile("assembly/index.ts");
  await visitor.type(changed);
  await expect(visitor.run()).resolves.toMatch(/^Exited, exit code 0/);
  expect(await visitor.output("stdout")).toBe("Hello, page from AssemblyScript!\n");
  await visitor.type(`${changed}\nlet wrong: i32 = "text";\n`);
  await expect(visitor.run()).resolves.toBe("There is no module to run.");
  await eventually(() => visitor.page.locator(".cm-lintRange-error").textContent()).toBe('"text"');
  await visitor.page.close();
}, 180_000);

test("nothing leaves the page, and until WAT runs it loads at most 600 kB", async () => {
  const visitor = await visit("?empty");
  const page = await open.browser.newPage();
  const bodies: Promise<number>[] = [];
  const urls: string[] = [];
  page.on("response", (response) => {
    urls.push(response.url());
    bodies.push(
      response.body().then(
        (body) => gzipSync(body).length,
        () => 0,
      ),
    );
  });
  await page.goto(open.url);
  const own = playgroundPage(page);
  await page.locator(".cm-content").waitFor();
  await own.run();
  const size = (await Promise.all(bodies)).reduce((sum, it) => sum + it, 0);
  console.log(`${urls.length} files, ${Math.round(size / 1000)} kB compressed`);
  expect(size).toBeLessThanOrEqual(600_000);
  expect(urls.filter((url) => !url.startsWith(open.url))).toEqual([]);
  const refused = await page.evaluate(async () => {
    const told = new Promise<string>((resolve) => {
      document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), {
        once: true,
      });
    });
    await fetch("http://127.0.0.1:1/").catch(() => {});
    return told;
  });
  expect(refused).toBe("connect-src");
  await page.close();
  await visitor.page.close();
});

test.each<[scheme: "light" | "dark", width: number]>([
  ["light", 1280],
  ["dark", 1280],
  ["light", 375],
  ["dark", 375],
])("it is accessible and fits: %s, %i pixels wide", async (colorScheme, width) => {
  const visitor = await visit("", { width, height: 800 });
  await visitor.page.emulateMedia({ colorScheme });
  await visitor.choose("wat/write-file", "create");
  await visitor.run();
  for (const tab of ["Output", "Trace", "Changes", "Memory", "Module"]) {
    await visitor.show(tab);
    expect(await violations(visitor.page)).toEqual([]);
    if (process.env["SCREENSHOTS"]) {
      await visitor.page.screenshot({
        path: join(process.env["SCREENSHOTS"], `${colorScheme}-${width}-${tab}.png`),
        fullPage: true,
      });
    }
  }
  expect(await visitor.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  await visitor.page.close();
});

test("it is used by the keyboard alone", async () => {
  const visitor = await visit();
  const { page } = visitor;
  await visitor.editor.focus();
  await page.keyboard.press("ControlOrMeta+Enter");
  await eventually(() => visitor.status.textContent()).toMatch(/^Exited/);
  // Tab indents in the editor; after Escape it leaves it.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await eventually(() =>
    page.evaluate(() => document.querySelector(".wasi-kit-playground")?.shadowRoot?.activeElement?.textContent),
  ).toBe("Output");
  await page.keyboard.press("ArrowRight");
  expect(await page.getByRole("tabpanel", { name: /^Trace/ }).isVisible()).toBe(true);
  await page.keyboard.press("End");
  expect(await page.getByRole("tabpanel", { name: /^Module/ }).isVisible()).toBe(true);
  await page.getByRole("button", { name: "Run", exact: true }).focus();
  await page.keyboard.press("Enter");
  await eventually(() => visitor.status.textContent()).toMatch(/^Exited/);
  await page.close();
});

test("nothing of all this was an error of the page", () => {
  expect(open.problems).toEqual([]);
});
