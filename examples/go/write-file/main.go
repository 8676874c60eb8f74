package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"syscall"
)

// How a file is opened decides what happens to its content, in one step: nobody
// can create it between a check whether it exists and the opening.
var modes = map[string]int{
	"create":    os.O_CREATE | os.O_EXCL,   // a new file; fails if there is one
	"append":    os.O_CREATE | os.O_APPEND, // adds to the end, wherever that is at each write
	"replace":   os.O_CREATE | os.O_TRUNC,  // drops what was in the file
	"overwrite": 0,                         // keeps what is there
}

func main() {
	args := os.Args[1:]
	if len(args) == 0 {
		args = []string{"replace", "/sandbox/file.txt", "modified\n"}
	}
	if len(args) < 3 {
		usage()
	}
	mode, path, text := args[0], args[1], args[2]
	flags, isMode := modes[mode]
	if !isMode {
		usage()
	}

	var offset uint64
	switch {
	case mode != "overwrite" && len(args) == 3:
	case mode == "overwrite" && len(args) == 4:
		// One or more digits, below 2^64: WASI's largest offset.
		var err error
		if offset, err = strconv.ParseUint(args[3], 10, 64); err != nil {
			usage()
		}
	default:
		usage()
	}

	if err := write(path, flags, text, offset); err != nil {
		fmt.Fprintf(os.Stderr, "write-file: %s: %s\n", path, reason(err))
		os.Exit(1)
	}
	fmt.Printf("wrote %d bytes to %s\n", len(text), path)
}

func write(path string, flags int, text string, offset uint64) error {
	file, err := os.OpenFile(path, os.O_WRONLY|flags, 0o666)
	if err != nil {
		return err
	}
	defer file.Close()

	// A write starts at the file's position: 0, unless it is moved.
	if _, err := file.Seek(int64(offset), io.SeekStart); err != nil {
		return err
	}

	// WASI may take only a part of a write; Go writes until all is written.
	_, err = file.WriteString(text)
	return err
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: write-file create|append|replace|overwrite PATH TEXT [OFFSET]")
	os.Exit(2)
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
