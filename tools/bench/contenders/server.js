// A server without a pool: each request is a run of the module, in a process of its own or by node:wasi in this thread.
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { WASI } from "node:wasi";

const [module, command, ...args] = process.argv.slice(2);

/** A run in a process of its own. */
async function inProcess(stdin) {
  const guest = spawn(command, [...args, module], { stdio: ["pipe", "pipe", "ignore"] });
  guest.stdin.end(stdin);
  const stdout = await text(guest.stdout);
  return { outcome: "exited", stdout };
}

const compiled = new WebAssembly.Module(readFileSync(module));
const folder = mkdtempSync(join(tmpdir(), "wasi-kit-bench-"));

/** A run in this thread. node:wasi knows no streams but descriptors: what goes in and comes out is a file. */
function inThisThread(stdin) {
  const [input, output] = [join(folder, "stdin"), join(folder, "stdout")];
  writeFileSync(input, stdin);
  const descriptors = [openSync(input, "r"), openSync(output, "w")];
  const wasi = new WASI({ version: "preview1", stdin: descriptors[0], stdout: descriptors[1], returnOnExit: true });
  const instance = new WebAssembly.Instance(compiled, wasi.getImportObject());
  wasi.start(instance);
  for (const it of descriptors) closeSync(it);
  return { outcome: "exited", stdout: readFileSync(output, "utf8") };
}

const run = command === "node:wasi" ? inThisThread : inProcess;

const server = createServer(async (request, response) => {
  const result = await run(await buffer(request));
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(result));
});
server.listen(Number(process.env.PORT), () => console.log(`http://localhost:${server.address().port} is ready`));
process.once("SIGTERM", () => process.exit());
