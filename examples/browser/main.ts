import { programs } from "./programs.ts";
import { runProgram } from "./run-program.ts";
import type { ChangedFile } from "./run-program.ts";

const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const program = find<HTMLSelectElement>("program");
const args = find<HTMLTextAreaElement>("args");
const stdin = find<HTMLTextAreaElement>("stdin");
const picker = find<HTMLInputElement>("files");
const [run, stop] = [find<HTMLButtonElement>("run"), find<HTMLButtonElement>("stop")];
const [status, output, changes] = [find("status"), find("output"), find("changes")];

for (const name of Object.keys(programs)) program.append(new Option(name));

let controller = new AbortController();
stop.addEventListener("click", () => controller.abort());

document.forms[0]?.addEventListener("submit", async (event) => {
  event.preventDefault();
  controller = new AbortController();
  [run.disabled, stop.disabled] = [true, false];
  status.textContent = "running";
  output.textContent = "";
  changes.replaceChildren();
  const decoder = new TextDecoder();
  try {
    const answer = await runProgram({
      module: programs[program.value] as URL,
      args: args.value === "" ? [] : args.value.split("\n"),
      stdin: stdin.value,
      files: await readFiles(),
      signal: controller.signal,
      onOutput: (chunk) => output.append(decoder.decode(chunk, { stream: true })),
    });
    status.textContent = answer.status;
    changes.append(...answer.changes.map(changedItem));
  } catch (error) {
    // The run could not start: the module is missing, or it is none.
    status.textContent = (error as Error).message;
  } finally {
    [run.disabled, stop.disabled] = [false, true];
  }
});

async function readFiles(): Promise<Record<string, Uint8Array>> {
  const files = [...(picker.files ?? [])];
  const read = files.map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** A line on a file, with a link that saves it. */
function changedItem({ line, name, content }: ChangedFile): HTMLLIElement {
  const item = document.createElement("li");
  item.append(line, " ");
  if (content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([new Uint8Array(content)]));
    link.download = name.split("/").at(-1) ?? "";
    link.textContent = "save";
    item.append(link);
  }
  return item;
}
