/** (module (import "env" "f" (func $f)) (func (export NAME) (try (do (call $f)) (catch_all)))), which wabt has no text for. */
export const catching = (name: string): Uint8Array =>
  Uint8Array.from(
    [
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, 9, 1, 3, 0x65, 0x6e, 0x76, 1, 0x66, 0, 0, 3, 2, 1, 0],
      [7, name.length + 4, 1, name.length, ...Buffer.from(name), 0, 1],
      [10, 10, 1, 8, 0, 6, 0x40, 0x10, 0, 0x19, 0x0b, 0x0b],
    ].flat(),
  );
