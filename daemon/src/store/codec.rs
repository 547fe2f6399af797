//! Rows as bytes: a version, a checksum, and bincode 2. Nothing else encodes.
//!
//! ```text
//! version (1 byte) | BLAKE3 of the payload, first 8 bytes | payload
//! ```
//! The checksum is over redb's own: a flipped bit in a value that redb does not
//! re-check must never become a wrong answer.

use rpa_engine::RunId;
use serde::{Serialize, de::DeserializeOwned};

use super::error::{Problem, StoreError};

/// Version of the row encoding. Enums inside are append-only.
const VERSION: u8 = 1;
const CHECKSUM: usize = 8;
const HEADER: usize = 1 + CHECKSUM;
/// Largest row in bytes. What goes into rows is bounded far below it where it
/// comes in; this is the last guard.
const LARGEST: usize = 64 * 1024 * 1024;
/// Bytes that bincode counts for one that it reads, at most: of a number it counts the
/// width of its type, and a small `u128` is one byte. A row that could be written must be
/// readable, so the limit of reading is that much larger.
const COUNTED: usize = 16;

pub(super) fn encode<T: Serialize>(row: &T) -> Result<Vec<u8>, StoreError> {
    let mut bytes = vec![0; HEADER];
    bytes[0] = VERSION;
    bincode::serde::encode_into_std_write(row, &mut bytes, bincode::config::standard())
        .map_err(|e| StoreError::corrupt(format!("a row cannot be encoded: {e}")))?;
    if bytes.len() > LARGEST {
        return Err(StoreError::new(Problem::Io, format!("a row of {} bytes", bytes.len())));
    }
    let checksum = blake3::hash(&bytes[HEADER..]);
    bytes[1..HEADER].copy_from_slice(&checksum.as_bytes()[..CHECKSUM]);
    Ok(bytes)
}

/// `what` names the row in the error.
pub(super) fn decode<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, StoreError> {
    let (row, rest) = front(what, bytes)?;
    if rest == 0 { Ok(row) } else { Err(StoreError::corrupt(format!("{what}: trailing bytes"))) }
}

/// A row of this run, which alone is damaged when it cannot be read.
pub(super) fn decode_of<T: DeserializeOwned>(
    run: RunId,
    what: &str,
    bytes: &[u8],
) -> Result<T, StoreError> {
    decode(what, bytes).map_err(|error| error.of(run))
}

/// The first field of a row, or the first few as a tuple: what follows is checked
/// against the checksum like them, but not decoded.
pub(super) fn decode_front<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, StoreError> {
    front(what, bytes).map(|(row, _)| row)
}

/// Whether a row matches its checksum; what it says is not looked at.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    bytes.split_at_checked(HEADER).is_some_and(|(header, payload)| {
        header[0] == VERSION && blake3::hash(payload).as_bytes()[..CHECKSUM] == header[1..]
    })
}

/// What was asked for, and the number of bytes after it.
fn front<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<(T, usize), StoreError> {
    let bad = |why: String| StoreError::corrupt(format!("{what}: {why}"));
    let (header, payload) = bytes
        .split_at_checked(HEADER)
        .ok_or_else(|| bad(format!("only {} bytes long", bytes.len())))?;
    if header[0] != VERSION {
        return Err(bad(format!("row version {} is unknown", header[0])));
    }
    if blake3::hash(payload).as_bytes()[..CHECKSUM] != header[1..] {
        return Err(bad("its checksum does not match".into()));
    }
    let (row, used) = read::<T, { COUNTED * LARGEST }>(payload).map_err(bad)?;
    Ok((row, payload.len() - used))
}

/// `LIMIT` is one that no sound row reaches, so that a hostile length cannot allocate.
fn read<T: DeserializeOwned, const LIMIT: usize>(payload: &[u8]) -> Result<(T, usize), String> {
    let config = bincode::config::standard().with_limit::<LIMIT>();
    bincode::serde::decode_from_slice(payload, config).map_err(|e| e.to_string())
}

/// Content hash of a spilled document, and its bytes.
pub fn encode_blob(
    value: &rpa_engine::Value,
) -> Result<(rpa_engine::ContentHash, Vec<u8>), StoreError> {
    let bytes = encode(value)?;
    let hash = blake3::hash(&bytes).to_hex().to_string();
    let hash = hash.try_into().map_err(|_| StoreError::corrupt("a hash is no hash"))?;
    Ok((hash, bytes))
}

pub fn decode_blob(bytes: &[u8]) -> Result<rpa_engine::Value, StoreError> {
    decode("spilled document", bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rpa_engine::Value;
    use serde::Deserialize;

    use super::*;

    /// A largest row of this test.
    const LARGE: usize = 400;

    /// What rows are made of.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    enum Cell {
        Unit,
        Small(u8, bool),
        Number { of: u64, less: i64 },
        Wide(u128),
        Real(f64),
        Text(String),
        Maybe(Option<u64>),
        Hash([u8; 4]),
        Document(Value),
    }

    fn cell() -> impl Strategy<Value = Cell> {
        prop_oneof![
            Just(Cell::Unit),
            any::<(u8, bool)>().prop_map(|(n, is)| Cell::Small(n, is)),
            (0..9u64, -3..3i64).prop_map(|(of, less)| Cell::Number { of, less }),
            any::<u64>().prop_map(|of| Cell::Number { of, less: 0 }),
            prop_oneof![0..9u128, any::<u128>()].prop_map(Cell::Wide),
            (-1e9..1e9f64).prop_map(Cell::Real),
            "[a-z]{0,9}".prop_map(Cell::Text),
            proptest::option::of(0..300u64).prop_map(Cell::Maybe),
            any::<[u8; 4]>().prop_map(Cell::Hash),
            prop::collection::vec(0..2i64, 0..9).prop_map(|all| Cell::Document(
                all.into_iter().map(Value::Int).collect::<Vec<_>>().into()
            )),
        ]
    }

    proptest! {
        #[test]
        fn a_row_that_could_be_written_can_be_read(
            cells in prop::collection::vec(cell(), 0..60),
            numbers in prop::collection::vec(0..3u128, 0..LARGE - 2),
        ) {
            let mut row = (cells, numbers);
            let mut bytes = encode(&row).unwrap();
            while bytes.len() - HEADER > LARGE {
                row.0.truncate(row.0.len() / 2);
                row.1.truncate(row.1.len() / 2);
                bytes = encode(&row).unwrap();
            }
            let read = read::<(Vec<Cell>, Vec<u128>), { COUNTED * LARGE }>(&bytes[HEADER..]);
            prop_assert_eq!(read, Ok((row, bytes.len() - HEADER)));
        }
    }

    #[test]
    fn any_flipped_bit_is_noticed() {
        let row = ("text".to_owned(), 7u64);
        let good = encode(&row).unwrap();
        assert_eq!(decode::<(String, u64)>("row", &good).unwrap(), row);
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let error = decode::<(String, u64)>("row", &bad).unwrap_err();
            assert_eq!(error.problem, Problem::Corrupt, "bit {bit}");
            assert!(!is_sound(&bad), "bit {bit}");
        }
        assert!(decode::<(String, u64)>("row", &good[..5]).is_err());
        assert_eq!(decode_front::<String>("row", &good).unwrap(), "text");
        assert!(decode::<String>("row", &good).is_err(), "a row is read to its end");
    }
}
