//! Weights and kernels: arrays in, arrays out. The only crate with `unsafe`; knows no language.
