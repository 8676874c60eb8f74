package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

func main() {
	// The first argument, if there is one. Arguments are like files: a module has
	// only those that the host passes to it.
	path := "/sandbox/file.txt"
	if len(os.Args) > 1 {
		path = os.Args[1]
	}

	// This is ordinary Go: whether the path is in a directory that was granted is
	// for WASI to check.
	contents, err := os.ReadFile(path)
	switch {
	case err == nil:
		os.Stdout.Write(contents)

	// Go has looked through the preopens, and found none above the file.
	case errors.Is(err, syscall.EBADF):
		fail("failed to find a pre-opened file descriptor through which %q could be opened", path)

	default:
		fail("can't read the file: %v", err)
	}
}

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}
