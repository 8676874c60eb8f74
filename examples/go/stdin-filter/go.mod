module stdin-filter

go 1.21
