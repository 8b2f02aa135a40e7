module oracles/node

go 1.24.0
