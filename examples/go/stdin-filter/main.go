package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

func main() {
	// However much comes in, the program needs no more memory than this.
	buffer := make([]byte, 4096)

	for {
		// A read returns what is there, often less than would fit, and the error
		// io.EOF at the end. The bytes come first: there may be both.
		count, err := os.Stdin.Read(buffer)
		piece := buffer[:count]

		// Bytes, not text: the end of a piece may cut a letter such as "ß" in two.
		// In UTF-8 no byte of such a letter is one of a-z, so all of them pass
		// through unchanged.
		for i, b := range piece {
			if 'a' <= b && b <= 'z' {
				piece[i] = b - 'a' + 'A'
			}
		}

		// WASI may take only a part of a write; Go writes until all is written.
		if _, err := os.Stdout.Write(piece); err != nil {
			fail("stdout", err)
		}
		if err == io.EOF {
			return
		}
		if err != nil {
			fail("stdin", err)
		}
	}
}

// Ends the program with the error number that WASI returned.
func fail(stream string, err error) {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		fmt.Fprintf(os.Stderr, "stdin-filter: %s: error %d\n", stream, errno)
	} else {
		fmt.Fprintf(os.Stderr, "stdin-filter: %s: %v\n", stream, err)
	}
	os.Exit(1)
}
