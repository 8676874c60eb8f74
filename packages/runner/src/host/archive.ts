import type { Archive } from "./host.ts";

/** The most that a recording may have when it is decompressed, in bytes: what V8 can keep in a string. */
const maxBytes = 0x1fff_ffe8;

/** Recordings on Node.js. What they need is loaded when there is one. */
export const archive: Archive = {
  sha256: (bytes) => process.getBuiltinModule("node:crypto").createHash("sha256").update(bytes).digest("hex"),
  compress: (text) => process.getBuiltinModule("node:zlib").gzipSync(text, { level: 3 }),
  extract(bytes) {
    const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const content = isCompressed
      ? process.getBuiltinModule("node:zlib").gunzipSync(bytes, { maxOutputLength: maxBytes })
      : bytes;
    return new TextDecoder().decode(content);
  },
};
