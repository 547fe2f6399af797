//! Documents that are given on the command line: `--data JSON`, `--data @FILE`, or fields.

use rpa_config::json::{self, JsonError};
use rpa_engine::value::MAX_DEPTH;
use rpa_engine::{Map, Value};
use rpa_ipc::service::GivenValue;
use rpa_ipc::{Fault, FaultCode, fault, said};

use super::{input, variables};

/// A document, or its fields.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Data {
    /// What it carries: JSON, or @FILE with JSON; at most 64 KiB
    #[arg(long, value_name = "JSON", conflicts_with = "fields")]
    pub data: Option<String>,

    /// A field of what it carries, as text; K=@FILE takes a file's content
    #[arg(long = "field", value_name = "K=V")]
    pub fields: Vec<String>,
}

impl Data {
    /// Without anything a document without fields. A fault has this code.
    pub fn read(&self, code: FaultCode) -> Result<Value, Fault> {
        let Some(data) = &self.data else {
            let fields = variables::collect(&self.fields, None)?;
            let fields = fields.into_iter().map(|(name, value)| (name, plain(value)));
            return Ok(Value::Map(fields.collect::<Map>()));
        };
        let unusable = |fault: Fault| fault.hint(said!("hint-event-data"));
        let text = match data.strip_prefix('@') {
            None => data.clone().into_bytes(),
            Some(path) => input::read(path)
                .map_err(|e| unusable(fault!(code, "event-data-unread", path = path, error = e)))?,
        };
        parse(&text, code).map_err(unusable)
    }
}

/// A document as JSON; a fault has this code.
pub fn parse(text: &[u8], code: FaultCode) -> Result<Value, Fault> {
    json::parse(text).map_err(|e| match e {
        JsonError::Syntax(e) => fault!(code, "event-data-no-json", error = e),
        JsonError::TooDeep => fault!(code, "event-data-deep", most = MAX_DEPTH),
    })
}

/// What a trigger is told of has fields.
pub fn fields(data: Value) -> Result<Map, Fault> {
    match data {
        Value::Map(fields) => Ok(fields),
        _ => Err(fault!(FaultCode::Usage, "trigger-data-no-object")),
    }
}

fn plain(value: GivenValue) -> Value {
    match value {
        GivenValue::Text(text) => Value::Text(text),
        GivenValue::Typed(value) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(data: Option<&str>, fields: &[&str]) -> Data {
        let fields = fields.iter().map(|&field| field.to_owned()).collect();
        Data { data: data.map(str::to_owned), fields }
    }

    fn read(data: &Data) -> Result<Value, Fault> {
        data.read(FaultCode::BadEvent)
    }

    #[test]
    fn data_comes_as_json_from_a_file_or_as_fields() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[1, 2]\n").unwrap();
        let named = format!("@{}", file.path().display());
        let table = [
            (data(Some(r#"{"n": 5}"#), &[]), Value::from([("n", Value::Int(5))])),
            (data(Some(&named), &[]), Value::from(vec![Value::Int(1), Value::Int(2)])),
            (data(None, &["n=5"]), Value::from([("n", Value::from("5"))])),
            (data(None, &[]), Value::Map(Map::new())),
        ];
        for (args, wanted) in table {
            assert_eq!(read(&args).unwrap(), wanted, "{args:?}");
        }
    }

    #[test]
    fn data_that_is_none_is_told_with_what_is() {
        for bad in ["{", "@/nope", ""] {
            let fault = read(&data(Some(bad), &[])).unwrap_err();
            assert_eq!(fault.code, FaultCode::BadEvent, "{bad}");
            assert!(fault.hint.contains("--data @FILE"), "{fault:?}");
        }
    }
}
