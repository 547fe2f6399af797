//! Shorthand for the fields of contracts.

use rpa_engine::contract::{Field, FieldKind};

/// An input that must be given.
pub(super) const fn required(name: &'static str, kind: FieldKind, summary: &'static str) -> Field {
    Field { name, kind, required: true, default: "", summary, per_item: false }
}

/// An input with a default; `""` when absence means absence.
pub(super) const fn optional(
    name: &'static str,
    kind: FieldKind,
    default: &'static str,
    summary: &'static str,
) -> Field {
    Field { name, kind, required: false, default, summary, per_item: false }
}

/// The same input, evaluated for each item.
pub(super) const fn per_item(field: Field) -> Field {
    Field { per_item: true, ..field }
}

/// A field of the output.
pub(super) const fn output(name: &'static str, kind: FieldKind, summary: &'static str) -> Field {
    Field { name, kind, required: false, default: "", summary, per_item: false }
}
