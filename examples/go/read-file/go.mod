module read-file

go 1.21
