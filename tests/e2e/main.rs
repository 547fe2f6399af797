//! The end-to-end suite: one binary, so that it is linked once.

mod crash;
mod first_light;
mod refusals;
mod stops;
