//! Counts the lines of all files below `/sandbox`.

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    println!("{}", count_lines(Path::new("/sandbox"))?);
    Ok(())
}

fn count_lines(directory: &Path) -> io::Result<usize> {
    let mut lines = 0;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        lines += if entry.file_type()?.is_dir() {
            count_lines(&entry.path())?
        } else {
            fs::read(entry.path())?.iter().filter(|&&byte| byte == b'\n').count()
        };
    }
    Ok(lines)
}
