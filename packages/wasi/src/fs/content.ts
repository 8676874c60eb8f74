import { WasiError } from "../wasi-error.ts";
import { pageSize } from "./space.ts";
import type { Page, Space } from "./space.ts";

/** The lower file that a content starts as. It is never written. */
interface Base {
  readonly size: number;
  /** Reads from an offset on. @returns how many bytes */
  read(into: Uint8Array, offset: number): number;
}

/** A range of bytes of a file. */
export interface Part {
  /** From the start of the file, in bytes. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The largest size of a file, in bytes. Larger numbers are not exact. */
const maxSize = Number.MAX_SAFE_INTEGER;

/** The contents of a file: the pages that were written, over the base, over zeros. */
export class Content {
  readonly #space: Space;
  readonly #base: Base | undefined;
  /** Up to where the base is visible. What was truncated reads as zeros when the file grows again. */
  #baseEnd: number;
  /** By page number. A page is zero after the end of the file. */
  readonly #pages = new Map<number, Page>();
  #size: number;

  constructor(space: Space, base?: Base) {
    this.#space = space;
    this.#base = base;
    this.#baseEnd = base?.size ?? 0;
    this.#size = this.#baseEnd;
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** Up to where the base is visible if nothing was written over it, in bytes. */
  get baseEnd(): number {
    return this.#baseEnd;
  }

  /** Whether it still equals the base. */
  get isUnchanged(): boolean {
    return this.#pages.size === 0 && this.#size === (this.#base?.size ?? 0) && this.#baseEnd === this.#size;
  }

  /** Reads into buffers, one after another. @returns how many bytes */
  read(buffers: readonly Uint8Array[], offset: number): number {
    let at = offset;
    for (const buffer of buffers) {
      if (at >= this.#size) break;
      const length = Math.min(buffer.length, this.#size - at);
      this.#read(length === buffer.length ? buffer : buffer.subarray(0, length), at);
      at += length;
    }
    return at - offset;
  }

  #read(into: Uint8Array, offset: number): void {
    let done = 0;
    while (done < into.length) {
      const at = offset + done;
      const index = Math.floor(at / pageSize);
      let end = (index + 1) * pageSize - offset;
      const page = this.#pages.get(index);
      // All pages up to the next changed one are read from the base at once.
      if (!page) for (let next = index + 1; end < into.length && !this.#pages.has(next); next++) end += pageSize;
      end = Math.min(end, into.length);
      const part = done === 0 && end === into.length ? into : into.subarray(done, end);
      if (page) this.#space.read(page, at - index * pageSize, part);
      else this.#readBase(part, at);
      done = end;
    }
  }

  #readBase(into: Uint8Array, offset: number): void {
    const length = Math.min(into.length, Math.max(0, this.#baseEnd - offset));
    let done = 0;
    while (this.#base && done < length) {
      const count = this.#base.read(into.subarray(done, length), offset + done);
      if (count === 0) break;
      done += count;
    }
    into.fill(0, done);
  }

  /**
   * Writes buffers, one after another.
   *
   * @returns how many bytes; fewer than all if there is no space for the rest
   * @throws WasiError `fbig`, `nospc`
   */
  write(buffers: readonly Uint8Array[], offset: number): number {
    let at = offset;
    for (const buffer of buffers) {
      if (at + buffer.length > maxSize) return failAfter(at - offset, new WasiError("fbig"));
      let done = 0;
      while (done < buffer.length) {
        const index = Math.floor(at / pageSize);
        const from = at - index * pageSize;
        const length = Math.min(buffer.length - done, pageSize - from);
        const part = length === buffer.length ? buffer : buffer.subarray(done, done + length);
        try {
          this.#space.write(this.#pageToWrite(index, from, part), from, part);
        } catch (error) {
          return failAfter(at - offset, error);
        }
        done += length;
        at += length;
        if (at > this.#size) this.#size = at;
      }
    }
    return at - offset;
  }

  /** A page with room for some bytes from an offset in it on. */
  #pageToWrite(index: number, from: number, part: Uint8Array): Page {
    const old = this.#pages.get(index);
    const to = from + part.length;
    if (old instanceof Uint8Array && old.length >= to) return old;
    const inBase = old ? 0 : Math.min(pageSize, Math.max(0, this.#baseEnd - index * pageSize));
    const content = inBase > 0 ? this.#contentOver(index * pageSize, inBase, from, part) : undefined;
    const page = this.#space.grow(old, Math.max(to, inBase), content);
    this.#pages.set(index, page);
    return page;
  }

  /** What a new page over the base starts with: the bytes of the base, unless all of them are written over. */
  #contentOver(start: number, inBase: number, from: number, part: Uint8Array): Uint8Array {
    if (from === 0 && part.length >= inBase) return part;
    const bytes = new Uint8Array(inBase);
    this.#readBase(bytes, start);
    return bytes;
  }

  /** Truncates the file, or extends it with zeros. @throws WasiError `fbig`, `nospc` */
  setSize(size: number): void {
    if (size > maxSize) throw new WasiError("fbig");
    if (size < this.#size) {
      for (const [index, page] of this.#pages) {
        const kept = size - index * pageSize;
        if (kept <= 0) {
          this.#pages.delete(index);
          this.#space.free(page);
        } else if (kept < pageSize) this.#space.clear(page, kept);
      }
      this.#baseEnd = Math.min(this.#baseEnd, size);
    }
    this.#size = size;
  }

  /** The parts that were written, in order. Their bytes are valid until the next write. */
  *parts(): Generator<Part, void, undefined> {
    const indices = [...this.#pages.keys()].toSorted((a, b) => a - b);
    for (const index of indices) {
      const page = this.#pages.get(index) as Page;
      const offset = index * pageSize;
      const length = Math.min(pageSize, this.#size - offset);
      if (page instanceof Uint8Array) yield { offset, bytes: page.subarray(0, length) };
      else {
        const bytes = new Uint8Array(length);
        this.#space.read(page, 0, bytes);
        yield { offset, bytes };
      }
    }
  }
}

/** Bytes that were written before an error count, as in POSIX: the next write fails with it. */
function failAfter(count: number, error: unknown): number {
  if (count === 0 || !(error instanceof WasiError)) throw error;
  return count;
}
