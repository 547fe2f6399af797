//! What is formatted, what is left, and that nothing is ever lost.

mod random;
mod shapes;
