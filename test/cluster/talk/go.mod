module talk

go 1.24
