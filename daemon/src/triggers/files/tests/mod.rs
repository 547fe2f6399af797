//! What a directory has, and what has become of it.

mod compare;
mod scan;
