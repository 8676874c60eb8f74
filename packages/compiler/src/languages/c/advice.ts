import type { Advice } from "../compiler-failure.ts";
import { cInstallCommand } from "./ensure-c.ts";
import type { CToolchain } from "./toolchain.ts";

/** What to do about what clang and wasm-ld say. */
export const cAdvice = ({ hasCxx }: CToolchain): Advice => [
  [
    /fatal error: '([a-z_]+)' file not found/,
    (name) =>
      hasCxx
        ? `If ${name} is yours, put it beside the source, or name its folder in compile_flags.txt: -IFOLDER`
        : `${name} is of the library of C++, and there is none for WASI on this machine. To install it: ${cInstallCommand()}`,
  ],
  [
    /fatal error: '([^']+)' file not found/,
    (name) => `Put ${name} beside the source, or name its folder in compile_flags.txt: -IFOLDER`,
  ],
  [
    /cannot use '(throw|try)' with exceptions disabled/,
    (name) =>
      `Without exceptions there is no ${name}: return an error. If your library of C++ has exceptions for WASI, write into compile_flags.txt: -fwasm-exceptions`,
  ],
  [
    /undefined symbol: (main|__main_argc_argv|__main_void)\b/,
    "A program needs a function main. For a library, write into compile_flags.txt: -mexec-model=reactor",
  ],
  [
    /undefined symbol: (.+)/,
    (name) =>
      `Nothing defines ${name}: put its source beside the others, or name its library in compile_flags.txt: -lNAME`,
  ],
];
