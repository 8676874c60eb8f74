package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
)

func main() {
	args := os.Args[1:]

	// If main returns, the exit code is 0.
	if len(args) == 0 {
		return
	}
	if len(args) > 1 {
		usage()
	}

	// The instruction `unreachable`: it stops the program, and there is no exit
	// code. A host reports that in its own way; wasi-kit exits with 134. (A panic
	// does not end so: Go prints it, and exits with 2.)
	if args[0] == "trap" {
		runtime.Breakpoint()
	}

	// One or more digits, at most 255, which fits in 8 bits: larger exit codes
	// don't get through the systems around WASI.
	code, err := strconv.ParseUint(args[0], 10, 8)
	if err != nil {
		usage()
	}

	// It calls WASI's proc_exit, which does not return.
	os.Exit(int(code))
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: exit-code [0-255|trap]")
	os.Exit(2)
}
