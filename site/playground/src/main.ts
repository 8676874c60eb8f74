import { mountPlayground } from "./mount-playground.ts";

// Pages link to a program: `?program=rust/read-file`.
const program = new URLSearchParams(location.search).get("program");
mountPlayground(document.querySelector("main") as HTMLElement, program === null ? {} : { program });
