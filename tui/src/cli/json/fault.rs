//! The error object.

use std::collections::BTreeMap;

use rpa_ipc::Fault;
use serde::Serialize;

/// `{"error": …}`: the whole document of a command that failed.
#[derive(Debug, Serialize)]
pub struct ErrorDocument<'a> {
    pub error: FaultObject<'a>,
}

#[derive(Debug, Serialize)]
pub struct FaultObject<'a> {
    pub code: String,
    pub message: &'a str,
    pub hint: &'a str,
    pub context: BTreeMap<&'a str, &'a str>,
}

impl<'a> ErrorDocument<'a> {
    pub fn of(fault: &'a Fault) -> ErrorDocument<'a> {
        ErrorDocument { error: FaultObject::of(fault) }
    }
}

impl<'a> FaultObject<'a> {
    pub fn of(fault: &'a Fault) -> FaultObject<'a> {
        FaultObject {
            code: fault.code.to_string(),
            message: &fault.message,
            hint: &fault.hint,
            context: fault.context.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use rpa_ipc::FaultCode;

    use super::*;

    #[test]
    fn the_shape_of_an_error() {
        let fault = Fault::new(FaultCode::NoRun, "no run ends in ffff").with("namespace", "ops");
        let json = serde_json::to_string(&ErrorDocument::of(&fault)).unwrap();
        let wanted = r#"{"error":{"code":"RPA0502","message":"no run ends in ffff","hint":"see `rpa runs`","context":{"namespace":"ops"}}}"#;
        assert_eq!(json, wanted);
    }
}
