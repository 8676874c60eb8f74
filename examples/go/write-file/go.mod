module write-file

go 1.21
