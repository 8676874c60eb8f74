// AssemblyScript has no WASI of its own: as-wasi wraps its functions in classes.
import { Console } from "as-wasi/assembly";

// The newline is part of the text. Console.log would hand it over as a second
// buffer, and a host may take only the first of several: as-wasi does not look
// whether all was taken.
Console.write("Hello, world from AssemblyScript!\n", false);
