//! Addresses in, bytes out: pages and feeds from the web, with guards against being sent where a
//! stranger wants us to go.
//!
//! An address, a redirect or a name in the DNS may lead to a machine that only we can reach: a
//! router, a database, a cloud's own tables. [`Client`] looks a name up once, connects to what was
//! found and to nothing else, and refuses it where it is not a public address ([`is_public`]). What
//! comes back is bounded in size, after decompression, and in time.
#![forbid(unsafe_code)]

mod address;
mod client;
mod feed;

pub use address::is_public;
pub use client::{Client, FetchError, Limits, Page, host};
pub use feed::{Entry, Feed, feed};
