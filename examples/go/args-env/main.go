package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	// Each variable is one text, "name=value", in the order in which the host
	// passes them. There are no others.
	for _, variable := range os.Environ() {
		fmt.Println(variable)
	}

	// The first argument is the program's name, as everywhere.
	fmt.Println("Args are: " + strings.Join(os.Args[1:], ","))
}
