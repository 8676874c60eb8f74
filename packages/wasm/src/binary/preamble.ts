/**
 * What a file of WebAssembly begins with: four bytes of magic, then the version (16 bits) and the layer (16 bits).
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#binary-module
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 */

const magic = [0x00, 0x61, 0x73, 0x6d];

/** In bytes. */
export const preambleSize = 8;

/** The version and the layer as one number, by what the file holds. */
export const versions = { module: 0x0000_0001, component: 0x0001_000d } as const;

/** Whether bytes begin as a module or a component does. */
export const isWasm = (bytes: Uint8Array): boolean => magic.every((byte, i) => bytes[i] === byte);

/** Whether bytes that begin as WebAssembly are a component: its layer is 1, whatever its version. */
export const isComponent = (bytes: Uint8Array): boolean => bytes[6] === 1;
