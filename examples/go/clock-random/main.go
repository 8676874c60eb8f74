package main

import (
	"crypto/rand"
	"fmt"
	"time"
)

func main() {
	// Reads two clocks: the time of day, which someone may set, and one that
	// nobody can set. What is computed of two times uses the second.
	//
	// Only to the minute: before this, Go's runtime has read the clock itself. How
	// often depends on Go's version, and a clock of wasi.json goes on with each
	// reading.
	now := time.Now().Truncate(time.Minute)
	fmt.Printf("time: %d s and %d ns since 1970\n", now.Unix(), now.Nanosecond())

	first := time.Now()
	second := time.Now()
	fmt.Printf("between two readings: %d ns\n", second.Sub(first))

	// One second, or a little more.
	time.Sleep(time.Second)
	fmt.Printf("asleep for a second: %d ns\n", time.Since(second))

	// Never fails: without random bytes it would end the program.
	bytes := make([]byte, 16)
	rand.Read(bytes)
	fmt.Printf("random: %x\n", bytes)
}
