//! The whole driver on a disk that fails: losses of power, failing operations and flipped
//! bits, under runs of every kind.
//!
//! What must hold after each of them: the store opens, or an error says that it is
//! damaged; it holds all that was acknowledged and nothing of a transaction by halves; all
//! rows and indexes agree (`store::audit`); nothing panics. `RPA_SEEDS` and `RPA_MINUTES`
//! make the tests longer, `RPA_SEED` repeats one seed.

mod cuts;
mod desk;
mod fail_nth;
mod flips;
mod town;

pub use desk::Desk;
pub use town::{FIRST_MS, Town, driver, set_clock};
