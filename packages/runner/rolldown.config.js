import { library } from "../../tools/library.js";

export default library({
  index: "src/index.ts",
  // A thread starts with it: src/pool/member.ts.
  worker: "src/pool/worker.ts",
  // The command line loads them where they are needed: packages/cli/bundle.config.js.
  explain: "src/explain/explain.ts",
  frames: "src/debug/frames.ts",
});
