//! dyad-server
