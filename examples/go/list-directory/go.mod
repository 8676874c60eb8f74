module list-directory

go 1.21
