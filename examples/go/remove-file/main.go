package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

func main() {
	path := "/sandbox/file.txt"
	switch len(os.Args) {
	case 1:
	case 2:
		path = os.Args[1]
	default:
		fmt.Fprintln(os.Stderr, "usage: remove-file [PATH]")
		os.Exit(2)
	}

	// This is ordinary Go: whether the file may be removed is for WASI to check.
	// (os.Remove removes an empty directory as well.)
	if err := os.Remove(path); err != nil {
		fmt.Fprintf(os.Stderr, "remove-file: %s: %s\n", path, reason(err))
		os.Exit(1)
	}
	fmt.Println("removed", path)
}

// Why a call on a path failed.
func reason(err error) string {
	var errno syscall.Errno
	switch {
	case !errors.As(err, &errno):
		return err.Error()

	// Go has looked through the preopens, and found none above the path.
	case errno == syscall.EBADF:
		return "no directory above it was granted"

	default:
		return fmt.Sprintf("error %d", errno)
	}
}
