import { WasiError } from "../wasi-error.ts";

/** The size of a page, in bytes. Pages that were never written take no space, and growing a file copies at most one. */
export const pageSize = 65_536;

/** A store for contents that are too large for memory, such as a temporary file. */
export interface SpillStore {
  /** Reads from an offset on. @returns how many bytes; fewer than there is room for only at the end */
  read(buffers: readonly Uint8Array[], offset: number): number;
  /** Writes from an offset on. @returns how many bytes @throws WasiError `nospc` */
  write(buffers: readonly Uint8Array[], offset: number): number;
  /** Frees the store and everything in it. */
  close(): void;
}

/** The limits of a file system. */
interface SpaceLimits {
  /** The limit on all contents and names, in memory and in the store. In bytes. */
  readonly maxBytes: number;
  /** The limit on what is in memory before contents go to the store. In bytes. */
  readonly spillBytes?: number;
  readonly spill?: (() => SpillStore) | undefined;
}

/** A page in the store. */
interface SpilledPage {
  readonly slot: number;
}

/** A page of a file. In memory it may be shorter than {@link pageSize}: the rest is zero. */
export type Page = Uint8Array | SpilledPage;

const zeros = new Uint8Array(pageSize);
const noBytes = new Uint8Array(0);

/** Allocates pages for the contents of one file system, and counts their bytes. */
export class Space {
  readonly #limits: SpaceLimits;
  #inMemory = 0;
  #store: SpillStore | undefined;
  #slots = 0;
  readonly #freeSlots: number[] = [];

  constructor(limits: SpaceLimits) {
    this.#limits = limits;
  }

  /** @throws WasiError `nospc` if fewer bytes are left */
  require(bytes: number): void {
    const spilled = (this.#slots - this.#freeSlots.length) * pageSize;
    if (this.#inMemory + spilled + bytes > this.#limits.maxBytes) throw new WasiError("nospc");
  }

  /** Counts bytes in memory. A negative number frees them. */
  add(bytes: number): void {
    this.#inMemory += bytes;
  }

  /**
   * A page with room for `size` bytes: the same page, or a larger one with the same
   * contents that replaces it.
   *
   * @param content - the contents of a new page, at most `size` bytes. Default: zeros
   * @throws WasiError `nospc`
   */
  grow(page: Page | undefined, size: number, content?: Uint8Array): Page {
    if (page && !(page instanceof Uint8Array)) return page;
    if (page && page.length >= size) return page;
    const old = page?.length ?? 0;
    const grown = Math.min(pageSize, Math.max(size, old * 2));
    const { spill, spillBytes = Infinity } = this.#limits;
    if (spill && this.#inMemory + grown - old > spillBytes) return this.#spill(spill, old, page ?? content);
    this.require(grown - old);
    const larger = new Uint8Array(grown);
    larger.set(page ?? content ?? noBytes);
    this.add(grown - old);
    return larger;
  }

  /** @param inMemory - the bytes of memory that the page had so far */
  #spill(open: () => SpillStore, inMemory: number, content: Uint8Array = noBytes): Page {
    this.require(pageSize - inMemory);
    this.#store ??= open();
    const used = this.#freeSlots.at(-1);
    const page = { slot: used ?? this.#slots };
    if (used !== undefined) this.write(page, 0, zeros);
    this.write(page, 0, content);
    // The slot is taken only now, since nothing can fail any more.
    if (used === undefined) this.#slots++;
    else this.#freeSlots.pop();
    this.add(-inMemory);
    return page;
  }

  free(page: Page): void {
    if (page instanceof Uint8Array) this.add(-page.length);
    else this.#freeSlots.push(page.slot);
  }

  /** Reads from an offset in a page on. */
  read(page: Page, from: number, into: Uint8Array): void {
    if (page instanceof Uint8Array) {
      const part = page.subarray(from, from + into.length);
      into.set(part);
      if (part.length < into.length) into.fill(0, part.length);
    } else {
      const length = this.#open.read([into], page.slot * pageSize + from);
      into.fill(0, length);
    }
  }

  /** Writes to a page that has room for the bytes. @throws WasiError `nospc` */
  write(page: Page, at: number, bytes: Uint8Array): void {
    if (page instanceof Uint8Array) page.set(bytes, at);
    else if (bytes.length > 0 && this.#open.write([bytes], page.slot * pageSize + at) < bytes.length)
      throw new WasiError("nospc");
  }

  /** Fills a page with zeros from an offset on. */
  clear(page: Page, from: number): void {
    if (page instanceof Uint8Array) page.fill(0, from);
    else this.write(page, from, zeros.subarray(from));
  }

  get #open(): SpillStore {
    if (!this.#store) throw new Error("The view was closed");
    return this.#store;
  }

  /** Closes the store. Pages in it can't be read any more. */
  close(): void {
    this.#store?.close();
    this.#store = undefined;
  }
}
