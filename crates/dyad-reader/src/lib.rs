//! Bytes to record.
