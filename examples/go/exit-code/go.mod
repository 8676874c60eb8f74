module exit-code

go 1.21
