import { getArguments } from "./args";
import { print } from "./output";

const args = getArguments();

if (args.length == 0) {
  // At the end of the program the exit code is 0.
} else if (args.length > 1) {
  usage();
} else if (args[0] == "trap") {
  // This breaks off the program, and there is no exit code. A host says in its
  // own way that it happened; wasi-kit ends with 134. An error that is thrown
  // is no trap: AssemblyScript prints it and exits with 255.
  unreachable();
} else {
  const code = parse(args[0]);
  if (code < 0) usage();
  // The host gets the number through WASI's proc_exit, which does not return.
  process.exit(code);
}

/**
 * One or more digits, at most 255, which is what the systems around WASI can
 * pass on; -1 for anything else. (AssemblyScript's own parseInt stops at the
 * first letter, and takes "3x" for 3.)
 */
function parse(text: string): i32 {
  if (text == "") return -1;
  let number = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30; // "0"
    if (digit < 0 || digit > 9) return -1;
    number = 10 * number + digit;
    if (number > 255) return -1;
  }
  return number;
}

function usage(): void {
  print(2, "usage: exit-code [0-255|trap]\n");
  process.exit(2);
}
