import { closeSync, openSync, writeSync } from "node:fs";
import { formatCall, functionNames } from "@wasi-kit/runner";
import type { TracedCall, TracedData, TracedDescriptor } from "@wasi-kit/runner";
import { unknown, UsageError } from "../../command-line/command.ts";
import { leaveLineOpen, writeLine } from "../../ui/output.ts";

/** Where the trace of a run goes. */
export interface TraceOutput {
  /** Takes a call. */
  add(call: TracedCall): void;
  /** To be called when the run is over. Says why the trace is not whole, if it is not: the run was, and its exit code counts. */
  end(): string | undefined;
}

/** What `--trace=` can be: how a trace looks. */
const forms: Readonly<Record<string, (sink: Sink) => TraceOutput | Promise<TraceOutput>>> = {
  lines: (sink) => lines(formatCall, sink),
  json: (sink) => lines(JSON.stringify, sink),
  async summary(sink) {
    const { createSummary } = await import("./trace-summary.ts");
    const summary = createSummary();
    return {
      add: summary.add,
      end() {
        sink.write(summary.text());
        return sink.close();
      },
    };
  },
};

/**
 * Opens what `--trace` and `--trace-output` name.
 *
 * @param form - what follows `--trace=`
 * @param file - `--trace-output`. Default: stderr
 * @param filter - `--trace-filter`: names of functions, in which `*` stands for anything
 * @throws UsageError if there is no such form, the file can't be written, or the filter fits no function
 */
export async function openTrace(
  form: string,
  file: string | undefined,
  filter: string | undefined,
): Promise<TraceOutput> {
  const create = Object.hasOwn(forms, form) ? forms[form] : undefined;
  if (!create) {
    const answer = unknown("form of a trace", form || '""', Object.keys(forms));
    throw new UsageError(`${answer}\nTo write it to a file: --trace-output FILE`);
  }
  const isWanted = filter === undefined ? () => true : createFilter(filter);
  const sink = file === undefined ? toStderr() : toFile(file);
  const { add, end } = await create(sink);
  return {
    add(call) {
      sink.guestWrote(call);
      if (isWanted(call.name)) add(call);
    },
    end,
  };
}

/** Whether a call wrote a part of a line to stderr. */
function isMidLine({ name, args }: TracedCall): boolean {
  const { fd, iovs } = args as { fd?: TracedDescriptor; iovs?: TracedData };
  return (
    name === "fd_write" && fd?.path === "stderr" && iovs !== undefined && "text" in iovs && !/\n$|^$/.test(iovs.text)
  );
}

function createFilter(filter: string): (name: string) => boolean {
  const wanted = new Set<string>();
  for (const pattern of filter.split(",").map((it) => it.trim())) {
    const parts = pattern.split("*").map((it) => it.replaceAll(/\W/g, String.raw`\$&`));
    const names = functionNames.filter((name) => new RegExp(`^${parts.join(".*")}$`).test(name));
    if (names.length === 0) throw new UsageError(unknown("function of WASI", pattern || '""', [...functionNames]));
    for (const name of names) wanted.add(name);
  }
  return (name) => wanted.has(name);
}

/** Something that takes text. */
interface Sink {
  write(text: string): void;
  /** Learns of a call before it is written of. */
  guestWrote(call: TracedCall): void;
  /** Says why not all of it was taken, if it was not. */
  close(): string | undefined;
}

function lines(format: (call: TracedCall) => string, sink: Sink): TraceOutput {
  return { add: (call) => sink.write(`${format(call)}\n`), end: sink.close };
}

/** Line by line, so that they come between what the guest writes, and in lines of their own. */
const toStderr = (): Sink => ({
  write: writeLine,
  guestWrote: (call) => isMidLine(call) && leaveLineOpen(),
  close: () => undefined,
});

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
    guestWrote() {},
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
  new UsageError(`--trace-output ${file}: this file can't be written (${(cause as NodeJS.ErrnoException).code}).`);
