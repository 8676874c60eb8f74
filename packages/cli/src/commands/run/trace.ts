import { closeSync, openSync, writeSync } from "node:fs";
import { formatCall, functionNames } from "@wasi-kit/runner";
import type { TracedCall, TracedData, TracedDescriptor } from "@wasi-kit/runner";
import { unknown, UsageError } from "../../command-line/command.ts";
import { write } from "../../ui/output.ts";

/** Where the trace of a run goes. */
export interface TraceOutput {
  /** Takes a call. */
  add(call: TracedCall): void;
  /** To be called when the run is over. Says why the trace is not whole, if it is not: the run was, and its exit code counts. */
  end(): string | undefined;
}

/** What a trace may look like, by what follows `--trace=`; anything else is the name of a file. */
const forms: Readonly<Record<string, () => TraceOutput | Promise<TraceOutput>>> = {
  "": () => lines((call) => `${isMidLine(call) ? "\n" : ""}${formatCall(call)}`, toStderr()),
  json: () => lines(JSON.stringify, toStderr()),
  summary: async () => {
    const { createSummary } = await import("./trace-summary.ts");
    const summary = createSummary();
    return { add: summary.add, end: () => void write(process.stderr, summary.text()) };
  },
};

/**
 * Opens what `--trace` names: stderr, or a file, which gets an object a line if
 * its name ends with .json, .jsonl or .ndjson.
 *
 * @param value - what follows `--trace=`, or `true` if nothing does
 * @param filter - `--trace-filter`: names of functions, in which `*` stands for anything
 * @throws UsageError if the file can't be written, or the filter fits no function
 */
export async function openTrace(value: string | true, filter: string | undefined): Promise<TraceOutput> {
  const isWanted = filter === undefined ? () => true : await createFilter(filter);
  const form = value === true ? "" : value;
  const named = Object.hasOwn(forms, form) ? await forms[form]?.() : undefined;
  const { add, end } = named ?? lines(/\.(json|jsonl|ndjson)$/.test(form) ? JSON.stringify : formatCall, toFile(form));
  return { add: (call) => void (isWanted(call.name) && add(call)), end };
}

/** Whether the guest has just written a part of a line to stderr, where the trace goes. */
function isMidLine({ name, args }: TracedCall): boolean {
  const { fd, iovs } = args as { fd?: TracedDescriptor; iovs?: TracedData };
  return (
    name === "fd_write" && fd?.path === "stderr" && iovs !== undefined && "text" in iovs && !/\n$|^$/.test(iovs.text)
  );
}

async function createFilter(filter: string): Promise<(name: string) => boolean> {
  const wanted = new Set<string>();
  for (const pattern of filter.split(",").map((it) => it.trim())) {
    const parts = pattern.split("*").map((it) => it.replaceAll(/\W/g, String.raw`\$&`));
    const names = functionNames.filter((name) => new RegExp(`^${parts.join(".*")}$`).test(name));
    if (names.length === 0)
      throw new UsageError(await unknown("function of WASI", pattern || '""', [...functionNames]));
    for (const name of names) wanted.add(name);
  }
  return (name) => wanted.has(name);
}

/** Something that takes text. */
interface Sink {
  write(text: string): void;
  /** Says why not all of it was taken, if it was not. */
  close(): string | undefined;
}

function lines(format: (call: TracedCall) => string, sink: Sink): TraceOutput {
  return { add: (call) => sink.write(`${format(call)}\n`), end: sink.close };
}

/** Line by line, so that they come between what the guest writes. */
const toStderr = (): Sink => ({ write: (text) => write(process.stderr, text), close: () => undefined });

const mostHeld = 65_536;

/** In pieces: a guest makes many calls. */
function toFile(file: string): Sink {
  const fd = open(file);
  let held: string[] = [];
  let size = 0;
  let failure: string | undefined;
  const flush = (): void => {
    const bytes = Buffer.from(held.join(""));
    [held, size] = [[], 0];
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      failure = `The trace in ${file} is not whole: it can't be written any further (${code || message}). The run was not affected.`;
    }
  };
  return {
    write(text) {
      // What comes after a gap would look as if it came after what is before it.
      if (failure) return;
      held.push(text);
      size += text.length;
      if (size >= mostHeld) flush();
    },
    close() {
      if (!failure) flush();
      closeSync(fd);
      return failure;
    },
  };
}

function open(file: string): number {
  try {
    return openSync(file, "w");
  } catch (error) {
    throw unwritable(file, error);
  }
}

const unwritable = (file: string, cause: unknown): UsageError =>
  new UsageError(
    `--trace=${file}: this file can't be written (${(cause as NodeJS.ErrnoException).code}). Name one that can, or json or summary, or nothing for stderr.`,
  );
