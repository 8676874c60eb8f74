use std::env;
use std::fs::OpenOptions;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::process;

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();

    let (mode, path, text, offset) = match args[..] {
        [] => ("replace", "/sandbox/file.txt", "modified\n", 0),
        [mode @ ("create" | "append" | "replace"), path, text] => (mode, path, text, 0),
        [mode @ "overwrite", path, text, offset] => {
            (mode, path, text, parse(offset).unwrap_or_else(|| usage()))
        }
        _ => usage(),
    };

    match write(mode, path, text, offset) {
        Ok(()) => println!("wrote {} bytes to {path}", text.len()),
        Err(error) => {
            eprintln!("write-file: {path}: {}", reason(path, &error));
            process::exit(1);
        }
    }
}

fn write(mode: &str, path: &str, text: &str, offset: u64) -> io::Result<()> {
    // How the file is opened decides what becomes of it, in one step: nobody
    // can create it between a look whether it is there and the opening.
    let mut options = OpenOptions::new();
    match mode {
        // Makes a new file, and fails if there is one.
        "create" => options.write(true).create_new(true),
        // Adds to the end, wherever that is when the write happens.
        "append" => options.append(true).create(true),
        // Drops what was in the file.
        "replace" => options.write(true).create(true).truncate(true),
        // Overwrites: opens what is there and keeps it.
        _ => options.write(true),
    };
    let mut file = options.open(path)?;

    // A write starts where the file's position is: at 0, unless it is moved.
    file.seek(SeekFrom::Start(offset))?;

    // A write may take a part only; write_all goes on until all is written.
    file.write_all(text.as_bytes())
}

/// One or more digits, below 2^64: how far into a file WASI can count.
fn parse(text: &str) -> Option<u64> {
    // Rust itself would take a "+" before them.
    if text.starts_with('+') {
        return None;
    }
    text.parse().ok()
}

fn usage() -> ! {
    eprintln!("usage: write-file create|append|replace|overwrite PATH TEXT [OFFSET]");
    process::exit(2)
}

/// Why a call on a path failed.
fn reason(path: &str, error: &io::Error) -> String {
    // Rust says "No such file or directory" of a path that was not granted as
    // well. The two differ in whether any directory above it can be reached.
    // (A program has no working directory: relative paths start at the root.)
    let is_granted = Path::new("/").join(path).ancestors().any(Path::is_dir);
    match error.raw_os_error() {
        _ if !is_granted => String::from("no directory above it was granted"),
        Some(number) => format!("error {number}"),
        None => error.to_string(),
    }
}
