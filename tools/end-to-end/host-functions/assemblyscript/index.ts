// Functions of the host in AssemblyScript. A text has UTF-16 there: it is encoded before it crosses the border.
@external("env", "lookup")
declare function lookup(key: usize, keySize: i32, value: usize, room: i32): i32;

@external("env", "log")
declare function log(text: usize, size: i32): void;

const key = String.UTF8.encode("name");
const value = new ArrayBuffer(64);
const size = lookup(changetype<usize>(key), key.byteLength, changetype<usize>(value), value.byteLength);
if (size < 0) process.exit(1);

const text = String.UTF8.encode("Hello, " + String.UTF8.decode(value.slice(0, size)));
log(changetype<usize>(text), text.byteLength);
