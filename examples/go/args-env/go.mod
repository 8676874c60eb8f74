module args-env

go 1.21
