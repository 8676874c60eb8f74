// Functions for a host to call. They can take and return only numbers, so a list
// or a text is an address in memory, and a size. go:wasmexport exports a function
// from the module.
package main

import (
	"encoding/binary"
	"unsafe"
)

// What the host has taken, by its address. Go collects as garbage what no value
// refers to, and knows nothing of the host's addresses.
var taken = map[unsafe.Pointer][]uint64{}

// Takes memory and returns its address: a multiple of 8. (If none is left, Go
// ends the program.)
//
//go:wasmexport allocate
func allocate(size uint32) unsafe.Pointer {
	memory := make([]uint64, size/8+1)
	address := unsafe.Pointer(unsafe.SliceData(memory))
	taken[address] = memory
	return address
}

// Gives memory back. Go knows how much it was.
//
//go:wasmexport deallocate
func deallocate(address unsafe.Pointer, _ uint32) {
	delete(taken, address)
}

//go:wasmexport add
func add(a, b float64) float64 {
	return a + b
}

// The sum of some numbers, one after the other in memory.
//
//go:wasmexport sum
func sum(numbers *float64, count uint32) float64 {
	total := 0.0
	// From here on it is a slice like any other.
	for _, number := range unsafe.Slice(numbers, count) {
		total += number
	}
	return total
}

// The address of a greeting: 4 bytes with its size, and then its bytes. The host
// has to give it back.
//
//go:wasmexport greet
func greet(name *byte, size uint32) unsafe.Pointer {
	text := "Hello, " + unsafe.String(name, size) + "!"
	address := allocate(4 + uint32(len(text)))
	greeting := unsafe.Slice((*byte)(address), 4+len(text))
	binary.LittleEndian.PutUint32(greeting, uint32(len(text)))
	copy(greeting[4:], text)
	return address
}

// A library's main is never called, but Go wants one.
func main() {}
