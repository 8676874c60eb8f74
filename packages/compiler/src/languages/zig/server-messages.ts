/** A file that the compiler read. */
interface ReadFile {
  /** Stands for the folder that the path is relative to: the current one, Zig's library, a cache. */
  folder: number;
  path: string;
}

/** What a compiler that was asked for an update has said. */
export interface Update {
  /** The folder of what it made, in its cache; undefined if it made nothing. */
  digest: string | undefined;
  /** What it read; empty if it did not say so. */
  files: ReadFile[];
}

/** The two messages to a compiler that listens: make an update, then end. Each is a tag and a length. */
export const updateAndExit: Uint8Array = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/**
 * Reads what the compiler answers. The tags of messages, and which number stands for which folder, change from version
 * to version: so what is in a message decides which one it is.
 *
 * @see lib/std/zig/Server.zig of Zig
 */
export function readUpdate(answer: Uint8Array): Update {
  const update: Update = { digest: undefined, files: [] };
  const bytes = Buffer.from(answer);
  for (let at = 0; at + 8 <= bytes.length; at += 8 + bytes.readUInt32LE(at + 4)) {
    const body = bytes.subarray(at + 8, at + 8 + bytes.readUInt32LE(at + 4));
    // Flags, and the hash of the folder.
    if (body.length === 17) update.digest = body.subarray(1).toString("hex");
    const paths = body.toString().split("\0");
    // Every program has the standard library. Before each path is a byte for its folder.
    if (paths.includes("\u0002std/std.zig")) {
      update.files = paths
        .filter((path) => path.length > 1)
        .map((path) => ({ folder: path.charCodeAt(0), path: path.slice(1) }));
    }
  }
  return update;
}
