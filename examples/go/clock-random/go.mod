module clock-random

go 1.24
