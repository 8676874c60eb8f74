module remove-file

go 1.21
