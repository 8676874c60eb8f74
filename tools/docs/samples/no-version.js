import { WASI } from "node:wasi";

try {
  // As the article has it.
  const wasi = new WASI({});
  console.log(wasi);
} catch (error) {
  console.log(error.code);
}
