export default { test: { include: ["*.test.mjs"], globals: true, testTimeout: 60_000 } };
