use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::process;

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let path = match args.as_slice() {
        [] => "/sandbox/file.txt",
        [path] => path,
        _ => {
            eprintln!("usage: remove-file [PATH]");
            process::exit(2);
        }
    };

    // This is ordinary Rust: whether the file may be removed is for WASI to
    // check.
    match fs::remove_file(path) {
        Ok(()) => println!("removed {path}"),
        Err(error) => {
            eprintln!("remove-file: {path}: {}", reason(path, &error));
            process::exit(1);
        }
    }
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
