// AssemblyScript has no WASI of its own: as-wasi wraps its functions in classes.
import { CommandLine, Console, Environ } from "as-wasi/assembly";

// Each variable that the host handed over. There are no others.
const variables = new Environ().all();
for (let i = 0; i < variables.length; i++) {
  Console.log(variables[i].key + "=" + variables[i].value);
}

// The first argument is the program's name, as everywhere.
const args = new CommandLine().all().slice(1);
Console.log("Args are: " + args.join(","));
