//! The registry of codes.
