import * as v from "valibot";
import type { Content, Files } from "./files.ts";

/** What a link holds: all that a page needs to be as it was. */
export interface SharedState {
  /** The program that it began as; undefined for a module of the user's own. */
  readonly program?: string | undefined;
  readonly run: string;
  readonly files: Files;
}

/** Thrown for a link that can't be made or opened; the message is for people. */
class LinkError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LinkError";
  }
}

const prefix = "#playground=1.";
/** Browsers open longer addresses; chats and mails cut them. */
const maxLinkCharacters = 100_000;
/** A few characters can unpack to gigabytes: what is more than this is not a state of ours. */
const maxUnpackedBytes = 4 << 20;

const path = v.pipe(v.string(), v.minLength(1), v.maxLength(1024), v.regex(/^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[^\0]+$/));
const schema = v.strictObject({
  program: v.optional(v.pipe(v.string(), v.regex(/^[a-z]+\/[a-z-]+$/))),
  run: v.pipe(v.string(), v.maxLength(100)),
  /** Text by path, and bytes as base64 in a list of one. */
  files: v.pipe(
    v.record(path, v.union([v.string(), v.tuple([v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/))])])),
    v.check((files) => Object.keys(files).length <= 1000),
  ),
});

/** Whether the fragment of an address is a link to a state, good or bad. */
export const isLink = (fragment: string): boolean => fragment.startsWith("#playground=");

/**
 * The state as the fragment of an address. A fragment is not sent to a server.
 *
 * @throws LinkError if it is too long
 */
export async function packState({ program, run, files }: SharedState): Promise<string> {
  const state: v.InferInput<typeof schema> = {
    ...(program === undefined ? {} : { program }),
    run,
    files: Object.fromEntries([...files].map(([name, it]) => [name, typeof it === "string" ? it : [toBase64(it)]])),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const packed = await readAll(through(bytes, new CompressionStream("deflate-raw")), Infinity);
  const link = prefix + toBase64(packed).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  if (link.length <= maxLinkCharacters) return link;
  throw new LinkError(
    `This project is too large for a link: ${Math.ceil(link.length / 1000)} kB, and a link has at most ${maxLinkCharacters / 1000} kB. Remove files that are not needed.`,
  );
}

/**
 * The state of a link.
 *
 * @throws LinkError if it is damaged, too large, or of another version
 */
export async function unpackState(fragment: string): Promise<SharedState> {
  if (!fragment.startsWith(prefix)) {
    throw new LinkError("This link was made by another version of the playground, and can't be opened here.");
  }
  try {
    const packed = fromBase64(fragment.slice(prefix.length).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = await readAll(through(packed, new DecompressionStream("deflate-raw")), maxUnpackedBytes);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const { program, run, files } = v.parse(schema, JSON.parse(text));
    const contents = Object.entries(files).map(([name, it]): [string, Content] => [
      name,
      typeof it === "string" ? it : fromBase64(it[0]),
    ]);
    return { program, run, files: new Map(contents) };
  } catch (cause) {
    if (cause instanceof LinkError) throw cause;
    throw new LinkError("This link is damaged: a part of it may be missing. Ask for it again, or copy all of it.", {
      cause,
    });
  }
}

const through = (bytes: Uint8Array, transform: GenericTransformStream): ReadableStream<Uint8Array> =>
  new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(transform) as ReadableStream<Uint8Array>;

async function readAll(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > maxBytes) {
      await reader.cancel();
      throw new LinkError(`This link unpacks to more than ${maxBytes >> 20} MiB, which no project here has.`);
    }
    chunks.push(next.value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (it) => it.charCodeAt(0));
