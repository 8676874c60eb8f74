/**
 * A stream to read stdin from: a `Readable` of Node.js, a `ReadableStream` of the
 * web, or any async iterable. Its chunks are text or bytes.
 */
export type InputStream = WebReadable | AsyncIterable<unknown>;

/** A stream that takes output: a `Writable` of Node.js, or a `WritableStream` of the web. */
export type OutputStream = WebWritable | NodeWritable;

/** The part of a `ReadableStream` that is used. */
export interface WebReadable {
  readonly locked: boolean;
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: unknown }>;
    releaseLock(): void;
  };
}

/** The part of a `Readable` that is used, besides its chunks. */
export interface NodeReadable extends AsyncIterable<unknown> {
  readonly destroyed: boolean;
  readonly readableEnded: boolean;
  readonly errored: Error | null;
  iterator(options: { readonly destroyOnReturn: boolean }): AsyncIterator<unknown>;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
}

/** The part of a `WritableStream` that is used. */
export interface WebWritable {
  readonly locked: boolean;
  getWriter(): {
    readonly closed: Promise<unknown>;
    write(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
    releaseLock(): void;
  };
}

/** The part of a `Writable` that is used. */
export interface NodeWritable {
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  readonly errored: Error | null;
  write(chunk: Uint8Array<ArrayBuffer>, callback: (error?: Error | null) => void): boolean;
  on(event: "error" | "close", listener: (error?: Error) => void): unknown;
  off(event: "error" | "close", listener: (error?: Error) => void): unknown;
}

const hasMethod = (value: unknown, ...names: readonly PropertyKey[]): boolean =>
  typeof value === "object" &&
  value !== null &&
  names.every((name) => typeof (value as Readonly<Record<PropertyKey, unknown>>)[name] === "function");

export const isWebReadable = (value: unknown): value is WebReadable => hasMethod(value, "getReader");
export const isNodeReadable = (value: unknown): value is NodeReadable =>
  hasMethod(value, Symbol.asyncIterator, "iterator", "on", "off");
export const isWebWritable = (value: unknown): value is WebWritable => hasMethod(value, "getWriter");
const isNodeWritable = (value: unknown): value is NodeWritable => hasMethod(value, "write", "on", "off");

/** Whether stdin is a stream. */
export const isInputStream = (value: unknown): value is InputStream =>
  isWebReadable(value) || hasMethod(value, Symbol.asyncIterator);

/** Whether output goes to a stream. */
export const isOutputStream = (value: unknown): value is OutputStream => isWebWritable(value) || isNodeWritable(value);

/** Whether a function is declared `async`: it returns a promise, and is known by that before it is called. */
export const isAsyncFunction = (value: unknown): boolean =>
  typeof value === "function" && Object.prototype.toString.call(value) === "[object AsyncFunction]";

/** Whether something can be waited for. */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
