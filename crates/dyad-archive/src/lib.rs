//! dyad-archive
