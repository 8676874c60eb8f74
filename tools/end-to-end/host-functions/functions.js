// What guests are given: the names of things, and a log. A pool's worker loads this file.
export const logged = [];

export default (guest) => ({
  env: {
    lookup(key, keySize, value, room) {
      const found = { name: "größe 🦀" }[guest.text(key, keySize)];
      if (found === undefined || Buffer.byteLength(found) > room) return -1;
      return guest.write(value, found);
    },
    log(text, size) {
      logged.push(guest.text(text, size));
    },
  },
});
