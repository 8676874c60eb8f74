import { openLibrary } from "./host.ts";

const library = await openLibrary("build/library.wasm");
console.log(library.add(40, 2));
console.log(library.sum([1, 2, 3.5]));
console.log(library.greet("Ada"));
library.close();
