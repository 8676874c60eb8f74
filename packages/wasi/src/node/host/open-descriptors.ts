import { closeSync } from "node:fs";
import { onHost } from "./error.ts";

/** A descriptor of the host; -1 before it is open and after it is closed. */
export interface OpenDescriptor {
  fd: number;
}

/**
 * The host's descriptors that are open below one root. A deadline stops a run
 * between any two steps of our code, and no `finally` runs then. So an entry is
 * added first and the descriptor is opened into it. Entries that remain when the
 * root is closed are closed with it.
 */
export class OpenDescriptors {
  readonly #open = new Set<OpenDescriptor>();

  /** @throws WasiError if the host fails to open it */
  open(open: () => number): OpenDescriptor {
    const place: OpenDescriptor = { fd: -1 };
    this.#open.add(place);
    try {
      place.fd = onHost(open);
    } catch (error) {
      this.#open.delete(place);
      throw error;
    }
    return place;
  }

  /** Closes a descriptor, unless it is closed already. @throws WasiError if the host reports an error; it is closed all the same */
  close(place: OpenDescriptor): void {
    if (place.fd < 0) return;
    try {
      onHost(() => closeSync(place.fd));
    } finally {
      // Only after closing: a deadline between the two would leave it open otherwise.
      place.fd = -1;
      this.#open.delete(place);
    }
  }

  /** Closes all of them, and ignores errors. */
  closeAll(): void {
    for (const place of this.#open) {
      try {
        this.close(place);
      } catch {
        // It is closed.
      }
    }
  }
}
