package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

func main() {
	start := "/sandbox"
	switch len(os.Args) {
	case 1:
	case 2:
		start = os.Args[1]
	default:
		fmt.Fprintln(os.Stderr, "usage: list-directory [PATH]")
		os.Exit(2)
	}
	if err := list(start, ""); err != nil {
		fmt.Fprintln(os.Stderr, "list-directory:", describe(err))
		os.Exit(1)
	}
}

// Prints what is below a directory. `shown` is its path from the start.
func list(directory, shown string) error {
	// Sorted by the bytes of their names, so that the order is the same on every
	// host and in every language. Go leaves out "." and "..".
	entries, err := os.ReadDir(directory)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		path := filepath.Join(directory, entry.Name())
		shown := filepath.Join(shown, entry.Name())

		// About the entry itself: a link is not followed.
		info, err := entry.Info()
		if err != nil {
			return err
		}

		// A name is bytes, and need not be UTF-8: it is printed as it is.
		switch {
		case info.IsDir():
			_, err = fmt.Printf("%s/\n", shown)
			if err == nil {
				err = list(path, shown)
			}
		case info.Mode().Type() == fs.ModeSymlink:
			_, err = fmt.Printf("%s@\n", shown)
		default:
			_, err = fmt.Printf("%s %d\n", shown, info.Size())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Why a call on a path failed.
func describe(err error) string {
	var call *fs.PathError
	var errno syscall.Errno
	switch {
	case !errors.As(err, &call) || !errors.As(err, &errno):
		return err.Error()

	// Go's own search for the preopen of a path has found none.
	case errno == syscall.EBADF:
		return call.Path + ": no directory above it was granted"

	default:
		return fmt.Sprintf("%s: error %d", call.Path, errno)
	}
}
