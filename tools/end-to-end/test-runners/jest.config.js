// Nothing is compiled first: Jest's own loader of modules is what is tried (node --experimental-vm-modules).
export default { testMatch: ["**/*.test.mjs"], transform: {}, testTimeout: 60_000 };
