import { closeSync } from "node:fs";
import { onHost } from "./error.ts";

/** A descriptor of the host, in a place where it can be found; -1 before it is open and once it is closed. */
export interface OpenDescriptor {
  fd: number;
}

/**
 * The host's descriptors that are open below one root. A deadline ends a run
 * between any two steps of our code, and no `finally` runs then. So a place is
 * taken first and the descriptor is opened into it, and whatever still has its
 * place when the root is closed is closed with it.
 */
export class OpenDescriptors {
  readonly #open = new Set<OpenDescriptor>();

  /** @throws WasiError what the host says */
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

  /** Closes a descriptor, unless it is closed. @throws WasiError what the host says; it is closed all the same */
  close(place: OpenDescriptor): void {
    if (place.fd < 0) return;
    try {
      onHost(() => closeSync(place.fd));
    } finally {
      // After it is closed: were the number forgotten before, a deadline between the two would leave it open.
      place.fd = -1;
      this.#open.delete(place);
    }
  }

  /** Closes all of them. What the host says to that helps nobody any more. */
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
