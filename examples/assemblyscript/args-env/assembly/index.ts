import { errno } from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";
import { getArguments, getVariables } from "./environment";
import { print } from "./output";

// Each variable that the host handed over. There are no others.
const variables = getVariables();
for (let i = 0; i < variables.length; i++) printLine(variables[i]);

// The first argument is the program's name, as everywhere.
const args = getArguments().slice(1);
printLine("Args are: " + args.join(","));

function printLine(text: string): void {
  const error = print(1, text + "\n");
  if (error == errno.SUCCESS) return;
  print(2, `args-env: stdout: error ${error}\n`);
  process.exit(1);
}
