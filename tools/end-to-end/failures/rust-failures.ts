import type { Failures } from "./failure.ts";

const main = (body: string): string => `fn main() { ${body} }\n`;

/** Programs in Rust that fail. */
export const rustFailures: Failures = {
  "a write to a relative path, with no directory granted": {
    source: main(`std::fs::write("o.txt", "x").unwrap();`),
    exitCode: 134,
    says: ["no directory", "--dir ."],
    topics: ["directories"],
    never: /main\.rs, and|asked for \S*\.rs/,
  },
  "a read of an absolute path, with no directory granted": {
    source: main(`print!("{}", std::fs::read_to_string("/etc/hostname").expect("no name"));`),
    exitCode: 134,
    says: ["no directory", "--dir"],
    topics: ["directories"],
  },
  "a read outside of the directory": {
    source: main(`std::fs::read_to_string("/other/a.txt").unwrap();`),
    options: ["--dir", "data::/data"],
    files: ["data/"],
    exitCode: 134,
    says: ["in none of its directories", "/data"],
    topics: ["directories"],
  },
  "a file that is not there": {
    source: main(`std::fs::read_to_string("/data/none.txt").unwrap();`),
    options: ["--dir", "data::/data"],
    files: ["data/"],
    exitCode: 134,
    says: ["/data/none.txt", "nothing of that name"],
    topics: ["directories"],
  },
  "a file that is not there, after which it says so and exits": {
    source: main(
      `if let Err(e) = std::fs::read_to_string("/data/none.txt") { eprintln!("{e}"); std::process::exit(2); }`,
    ),
    options: ["--dir", "data::/data"],
    files: ["data/"],
    exitCode: 2,
    says: ["/data/none.txt", "nothing of that name"],
    topics: ["directories"],
  },
  "1 as its answer, after it looked for a file in passing": {
    source: main(
      `let _ = std::fs::read_to_string("/data/.ignore"); let text = std::fs::read_to_string("/data/a.txt").unwrap();
       if !text.contains("needle") { std::process::exit(1); }`,
    ),
    options: ["--dir", "data::/data"],
    files: ["data/a.txt"],
    exitCode: 1,
    says: [],
  },
  "a write to what is granted for reading": {
    source: main(`std::fs::write("/data/o.txt", "x").unwrap();`),
    options: ["--dir", "data::/data::ro"],
    files: ["data/"],
    exitCode: 134,
    says: ["/data/o.txt", "for reading only"],
    topics: ["directories"],
  },
  "a directory that is not empty": {
    source: main(`std::fs::remove_dir("/data/sub").unwrap();`),
    options: ["--dir", "data::/data"],
    files: ["data/sub/a.txt"],
    exitCode: 134,
    says: ["/data/sub", "not empty"],
    topics: ["directories"],
  },
  "a panic": {
    source: main(`panic!("boom");`),
    exitCode: 134,
    says: ["panicked", "boom"],
    topics: ["backtraces"],
  },
  "a panic whose message holds a path": {
    source: main(`panic!("the entry '/etc/passwd' is broken");`),
    exitCode: 134,
    says: ["panicked", "/etc/passwd"],
    topics: ["backtraces"],
    never: /asked for/,
  },
  "a panic whose message holds a path, in a program that can open files": {
    source: main(
      `if std::env::args().count() > 5 { std::fs::read("x").unwrap(); } panic!("the entry '/etc/passwd' is broken");`,
    ),
    exitCode: 134,
    says: ["panicked", "/etc/passwd"],
    topics: ["backtraces"],
    never: /asked for/,
  },
  "a panic with a path as its argument": {
    source: main(`let n: usize = std::env::args().nth(1).unwrap().parse().expect("no number"); println!("{n}");`),
    args: ["/tmp/x"],
    exitCode: 134,
    says: ["panicked", "no number"],
    topics: ["backtraces"],
  },
  "an index out of bounds": {
    source: main(`let v = vec![1, 2, 3]; let i = v.len() + 2; println!("{}", v[std::hint::black_box(i)]);`),
    exitCode: 134,
    says: ["panicked", "index out of bounds"],
    topics: ["backtraces"],
  },
  "a value that is not there": {
    source: main(`let none: Option<i32> = std::hint::black_box(None); println!("{}", none.unwrap());`),
    exitCode: 134,
    says: ["panicked", "None"],
    topics: ["backtraces"],
  },
  "an argument that is missing": {
    source: main(`let name = std::env::args().nth(1).expect("usage: hello NAME"); println!("{name}");`),
    exitCode: 134,
    says: ["its arguments", "ARGUMENT…"],
    topics: ["arguments", "backtraces"],
  },
  "a variable that is missing": {
    source: main(`println!("{}", std::env::var("NAME").unwrap());`),
    exitCode: 134,
    says: ["variable", "--env"],
    topics: ["variables", "backtraces"],
  },
  "a recursion without end": {
    source: `#[inline(never)] fn deeper(n: u64) -> u64 { let a = std::hint::black_box([n; 64]); deeper(n + 1) + a[0] }
      fn main() { println!("{}", deeper(1)); }\n`,
    exitCode: 134,
    says: ["recursion"],
    topics: ["recursion", "memory", "backtraces"],
  },
  "3 as its answer, after it said why": {
    source: main(`eprintln!("nothing to do"); std::process::exit(3);`),
    exitCode: 3,
    says: [],
  },
  "a message that names a path, and 1": {
    source: main(`eprintln!("no rule for '/srv/data'"); std::process::exit(1);`),
    exitCode: 1,
    says: [],
  },
  "a thread": {
    source: main(`std::thread::spawn(|| println!("there")).join().unwrap();`),
    exitCode: 134,
    says: ["thread"],
    topics: ["threads", "backtraces"],
  },
  "a connection": {
    source: main(`std::net::TcpStream::connect("127.0.0.1:80").unwrap();`),
    exitCode: 134,
    says: ["panicked"],
    topics: ["backtraces", "sockets"],
  },
  "a process": {
    source: main(`std::process::Command::new("ls").spawn().unwrap();`),
    exitCode: 134,
    says: ["panicked"],
    topics: ["backtraces"],
  },
  "a sleep that is longer than its time": {
    source: main(`std::thread::sleep(std::time::Duration::from_secs(60));`),
    options: ["--timeout", "300"],
    exitCode: 124,
    says: ["sleeping"],
    topics: ["sleeping"],
  },
  "a read of stdin that nothing comes for": {
    source: main(`let mut line = String::new(); std::io::stdin().read_line(&mut line).unwrap();`),
    options: ["--timeout", "300"],
    exitCode: 124,
    says: ["waiting for stdin"],
    topics: ["stdin"],
  },
  "a memory that is full": {
    source: main(`let mut all = Vec::new(); loop { all.push(std::hint::black_box(vec![1u8; 1 << 20])); }`),
    options: ["--max-memory", "8MiB"],
    exitCode: 134,
    says: ["--max-memory"],
    topics: ["memory", "backtraces"],
  },
  "an abort": {
    source: main(`std::process::abort();`),
    exitCode: 134,
    says: ["unreachable"],
    topics: ["backtraces"],
  },
  "a loop without end": {
    source: main(`let mut n = 0u64; loop { n = std::hint::black_box(n + 1); }`),
    options: ["--timeout", "300"],
    exitCode: 124,
    says: ["did not end within 300 ms"],
  },
  "a function of another host": {
    source: `#[link(wasm_import_module = "env")] unsafe extern "C" { fn now() -> i32; }
      fn main() { println!("{}", unsafe { now() }); }\n`,
    exitCode: 126,
    says: ["env.now"],
    never: /Emscripten|AssemblyScript/,
  },
};
