//! bincode 2 in length-delimited frames, with a limit on both.
//!
//! tarpc's own bincode feature would bring bincode 1, which has no limit.

use std::io;
use std::marker::PhantomData;
use std::pin::Pin;

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use serde::{Serialize, de::DeserializeOwned};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::bytes::{Bytes, BytesMut};
use tokio_util::codec::{Framed, LengthDelimitedCodec};

/// Largest frame in bytes: the outputs of a run's steps (4 MiB) with room.
pub const MAX_FRAME: usize = 8 * 1024 * 1024;

type Config<const LIMIT: usize> = Configuration<LittleEndian, Varint, Limit<LIMIT>>;

fn config<const LIMIT: usize>() -> Config<LIMIT> {
    bincode::config::standard().with_limit::<LIMIT>()
}

/// Frames over any byte stream.
pub type Frames<S> = Framed<S, LengthDelimitedCodec>;

pub fn frames<S: AsyncRead + AsyncWrite>(stream: S) -> Frames<S> {
    LengthDelimitedCodec::builder().max_frame_length(MAX_FRAME).new_framed(stream)
}

pub fn encode<T: Serialize>(value: &T) -> io::Result<Bytes> {
    encode_within::<MAX_FRAME, T>(value)
}

pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    decode_within::<MAX_FRAME, T>(bytes)
}

/// As [`encode`], for what is not sent in one frame.
pub fn encode_within<const LIMIT: usize, T: Serialize>(value: &T) -> io::Result<Bytes> {
    bincode::serde::encode_to_vec(value, config::<LIMIT>())
        .map(Bytes::from)
        .map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))
}

/// As [`decode`], for what does not come in one frame.
pub fn decode_within<const LIMIT: usize, T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    let invalid = |m: String| io::Error::new(io::ErrorKind::InvalidData, m);
    let (value, read) = bincode::serde::decode_from_slice(bytes, config::<LIMIT>())
        .map_err(|e| invalid(format!("undecodable frame: {e}")))?;
    if read == bytes.len() { Ok(value) } else { Err(invalid("frame has trailing bytes".into())) }
}

/// The codec that tarpc's transport is built with.
#[derive(Debug)]
pub struct Codec<In, Out>(PhantomData<fn() -> (In, Out)>);

impl<In, Out> Default for Codec<In, Out> {
    fn default() -> Self {
        Codec(PhantomData)
    }
}

impl<In: DeserializeOwned, Out> tokio_serde::Deserializer<In> for Codec<In, Out> {
    type Error = io::Error;
    fn deserialize(self: Pin<&mut Self>, src: &BytesMut) -> io::Result<In> {
        decode(src)
    }
}

impl<In, Out: Serialize> tokio_serde::Serializer<Out> for Codec<In, Out> {
    type Error = io::Error;
    fn serialize(self: Pin<&mut Self>, item: &Out) -> io::Result<Bytes> {
        encode(item)
    }
}

#[cfg(test)]
mod tests {
    use rpa_engine::Value;

    use super::*;

    /// As a hostile peer would send it: a list of one list of one list and so on.
    fn nested(levels: usize) -> Vec<u8> {
        let mut bytes = [5, 1].repeat(levels);
        bytes.push(0);
        bytes
    }

    #[test]
    fn deep_documents_end_in_an_error_and_not_in_the_end_of_the_stack() {
        assert!(matches!(decode::<Value>(&nested(64)), Ok(Value::List(_))));
        for levels in [1_000, 100_000] {
            assert!(decode::<Value>(&nested(levels)).is_err(), "{levels}");
        }
        assert!(
            matches!(decode::<Value>(&nested(64)), Ok(Value::List(_))),
            "the count is given back"
        );
    }

    #[test]
    fn trailing_bytes_and_torn_frames_are_refused() {
        let good = encode(&Value::from("x")).unwrap();
        assert_eq!(decode::<Value>(&good).unwrap(), Value::from("x"));
        assert!(decode::<Value>(&[&good[..], &[0]].concat()).is_err());
        assert!(decode::<Value>(&good[..good.len() - 1]).is_err());
    }
}
