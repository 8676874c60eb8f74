use std::env;
use std::fs::{self, DirEntry};
use std::io::{self, Write};
use std::os::wasi::ffi::OsStrExt;
use std::path::Path;
use std::process;

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let start = match args.as_slice() {
        [] => "/sandbox",
        [path] => path,
        _ => {
            eprintln!("usage: list-directory [PATH]");
            process::exit(2);
        }
    };
    list(Path::new(start), Path::new(""));
}

/// Prints what is below a directory. `shown` is its path from the start.
fn list(directory: &Path, shown: &Path) {
    let mut entries = read(directory).unwrap_or_else(|error| fail(directory, &error));

    // A host lists entries in any order. Names compare by their bytes, so
    // that the order is the same on every host and in every language.
    entries.sort_by_key(DirEntry::file_name);

    for entry in entries {
        let path = entry.path();
        let shown = shown.join(entry.file_name());

        // Tells of the entry itself: a link is not followed.
        let metadata = entry.metadata().unwrap_or_else(|error| fail(&path, &error));
        if metadata.is_dir() {
            print(&shown, "/");
            list(&path, &shown);
        } else if metadata.is_symlink() {
            print(&shown, "@");
        } else {
            print(&shown, &format!(" {}", metadata.len()));
        }
    }
}

/// All entries; Rust leaves out "." and "..".
fn read(directory: &Path) -> io::Result<Vec<DirEntry>> {
    fs::read_dir(directory)?.collect()
}

/// Prints a line. A name is bytes, and need not be UTF-8: it goes out as it is.
fn print(path: &Path, end: &str) {
    let line = [path.as_os_str().as_bytes(), end.as_bytes(), b"\n"].concat();
    if let Err(error) = io::stdout().write_all(&line) {
        eprintln!("list-directory: stdout: {}", describe(&error));
        process::exit(1);
    }
}

/// Ends the program, and says why a call on a path failed.
fn fail(path: &Path, error: &io::Error) -> ! {
    // Rust says "No such file or directory" of a path that was not granted as
    // well. The two differ in whether any directory above it can be reached.
    // (A program has no working directory: relative paths start at the root.)
    let is_granted = Path::new("/").join(path).ancestors().any(Path::is_dir);
    let reason = if is_granted {
        describe(error)
    } else {
        String::from("no directory above it was granted")
    };
    eprintln!("list-directory: {}: {reason}", path.display());
    process::exit(1)
}

/// The number of the error that WASI gave.
fn describe(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => format!("error {number}"),
        None => error.to_string(),
    }
}
