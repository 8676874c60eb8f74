use std::env;
use std::fs;
use std::path::Path;

fn main() {
    // The first argument, if there is one. Arguments reach a module the way
    // files do: only because the host hands them over.
    let path = env::args()
        .nth(1)
        .unwrap_or_else(|| String::from("/sandbox/file.txt"));

    // This is ordinary Rust: whether the path lies in a directory that was
    // granted is for WASI to check.
    match fs::read_to_string(&path) {
        Ok(contents) => print!("{contents}"),

        // A directory above the file can be reached, so it is the file that is
        // missing or can't be read.
        Err(error) if Path::new(&path).ancestors().any(Path::is_dir) => {
            panic!("can't read {path:?}: {error}")
        }

        // Nothing on the way to the file was granted. Rust itself said so in
        // these words in 2020; today it says "No such file or directory".
        Err(_) => panic!(
            "failed to find a pre-opened file descriptor through which {path:?} could be opened"
        ),
    }
}
