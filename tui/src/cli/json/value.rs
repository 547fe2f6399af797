//! Values and times in JSON.

use jiff::Timestamp;
use rpa_engine::Value;
use serde_json::Map;

pub use rpa_config::json::to_json as value;

pub fn object(fields: &[(String, Value)]) -> Map<String, serde_json::Value> {
    fields.iter().map(|(name, v)| (name.clone(), value(v))).collect()
}

/// `2026-11-20T01:10:04.000Z`; `null` when there is no time.
pub fn time(ms: impl Into<Option<u64>>) -> Option<String> {
    let ms = i64::try_from(ms.into()?).ok()?;
    Timestamp::from_millisecond(ms).ok().map(|instant| format!("{instant:.3}"))
}

#[cfg(test)]
mod tests {
    use rpa_engine::BlobRef;

    use super::*;

    #[test]
    fn times_have_milliseconds_even_when_they_are_zero() {
        assert_eq!(time(1_795_136_404_000).as_deref(), Some("2026-11-20T01:00:04.000Z"));
        assert_eq!(time(1_795_136_404_056).as_deref(), Some("2026-11-20T01:00:04.056Z"));
        assert_eq!(time(None), None);
        assert_eq!(time(u64::MAX), None);
    }

    #[test]
    fn every_kind_of_value_has_a_form() {
        let blob =
            Value::Blob(BlobRef { hash: "ab".repeat(32).try_into().unwrap(), bytes: 70_000 });
        let document = Value::from([
            ("blob", blob),
            ("list", Value::from(vec![Value::Null, Value::from(true), Value::from(1.5)])),
            ("nan", Value::from(f64::NAN)),
            ("int", Value::Int(i64::MIN)),
            ("text", Value::from("a\u{1b}")),
        ]);
        let wanted = r#"{"blob":{"$blob":"HASH","bytes":70000},"int":-9223372036854775808,"list":[null,true,1.5],"nan":null,"text":"a\u001b"}"#;
        let wanted = wanted.replace("HASH", &"ab".repeat(32));
        assert_eq!(value(&document).to_string(), wanted);
    }
}
