//! Each change as it is written.

use super::*;
