//! Values for declared variables, whoever gives them: read by type, checked, completed by
//! defaults.

use std::collections::{BTreeMap, BTreeSet};

use rpa_config::expr::secret_reference;
use rpa_engine::{Ident, Value, Variable, VariableKind};
use rpa_ipc::fault::{Said, quoted};
use rpa_ipc::service::GivenValue;
use rpa_ipc::{FaultCode, said};

use crate::secrets::SecretDir;

/// Most characters of a given text in a message.
const QUOTE: usize = 100;
/// Most problems in one message.
const PROBLEMS: usize = 20;

/// What is wrong with given values.
#[derive(Debug)]
pub struct Wrong {
    pub code: FaultCode,
    pub problems: Vec<Said>,
}

/// Values for everything that is `declared`.
pub fn values(
    declared: &BTreeMap<Ident, Variable>,
    given: Vec<(String, GivenValue)>,
    secrets: &SecretDir,
) -> Result<BTreeMap<Ident, Value>, Wrong> {
    let all = declared;
    let mut values = BTreeMap::new();
    let mut problems = Vec::new();
    let mut refused = BTreeSet::new();
    let mut code = FaultCode::BadVariable;
    for (name, value) in given {
        let declared = name.parse::<Ident>().ok().and_then(|id| all.get_key_value(&id));
        if problems.len() > PROBLEMS {
            problems.push(said!("variables-further"));
            break;
        }
        match declared {
            None => problems.push(said!("variable-unknown", name = shortened(&name))),
            Some((id, variable)) => match read(id, variable, value, secrets) {
                Ok(value) => {
                    values.insert(id.clone(), value);
                }
                Err(problem) => {
                    refused.insert(id);
                    problems.push(problem);
                }
            },
        }
    }
    let mut missing = Vec::new();
    for (name, variable) in all {
        if values.contains_key(name) || refused.contains(name) {
            continue;
        }
        match &variable.default {
            Some(default) => {
                values.insert(name.clone(), default.clone());
            }
            None if variable.required => missing.push(said!("variable-missing", name = name)),
            None => {
                values.insert(name.clone(), Value::Null);
            }
        }
    }
    if problems.is_empty() && !missing.is_empty() {
        code = FaultCode::MissingVariable;
    }
    problems.extend(missing);
    if problems.is_empty() {
        return Ok(values);
    }
    Err(Wrong { code, problems })
}

/// Text is read by the variable's type; a typed value must be of it. What is given for
/// a secret may be the secret itself, by mistake: only the name of one that is there
/// goes further, and no message quotes it.
pub fn read(
    name: &Ident,
    variable: &Variable,
    given: GivenValue,
    secrets: &SecretDir,
) -> Result<Value, Said> {
    let expected = variable.kind.word();
    let value = match (variable.kind, given) {
        (VariableKind::Secret, GivenValue::Text(text) | GivenValue::Typed(Value::Text(text))) => {
            let secret = text.parse().map_err(|_| said!("variable-secret", name = name))?;
            if !secrets.has(&secret) {
                return Err(said!("variable-no-secret", name = name));
            }
            secret_reference(&secret)
        }
        (VariableKind::String, GivenValue::Text(text)) => Value::Text(text),
        (_, GivenValue::Text(text)) => rpa_config::json::parse(text.as_bytes()).map_err(|_| {
            let text = quoted(&shortened(&text));
            said!("variable-text", name = name, expected = expected, text = text)
        })?,
        (_, GivenValue::Typed(value)) => plain(name.as_str(), value)?,
    };
    if !variable.kind.accepts(&value) {
        let got = value.type_name();
        return Err(said!("variable-type", name = name, expected = expected, got = got));
    }
    match rpa_config::workflow::unfit(variable, &value) {
        Some(why) => Err(said!("variable-unfit", name = name, why = why)),
        None => Ok(value),
    }
}

/// What only the daemon itself may make must not come from outside: a reference
/// would name a file of its choice, a sealed value a secret.
pub fn plain(name: &str, value: Value) -> Result<Value, Said> {
    if value.is_plain() { Ok(value) } else { Err(said!("variable-not-plain", name = name)) }
}

/// As much of a given text as a message can bear.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use rpa_engine::BlobRef;

    use super::*;

    #[test]
    fn what_only_the_daemon_may_make_does_not_come_from_outside() {
        let hash = "0".repeat(64).try_into().unwrap();
        let blob = Value::Blob(BlobRef { hash, bytes: 1 });
        let secret = secret_reference(&"token".parse().unwrap());
        for hidden in [blob, secret] {
            let nested = Value::from(vec![Value::from([("a", hidden.clone())])]);
            assert!(plain("v", nested).is_err());
            let json = Variable::of(VariableKind::Json);
            let (name, given) = ("v".parse().unwrap(), GivenValue::Typed(hidden));
            assert!(read(&name, &json, given, &SecretDir::new("secrets".into())).is_err());
        }
        assert!(plain("v", Value::from(vec![Value::Int(1)])).is_ok());
    }

    #[test]
    fn a_long_text_is_not_echoed_whole() {
        assert_eq!(shortened("é"), "é");
        assert_eq!(shortened(&"é".repeat(1000)).chars().count(), QUOTE + 1);
    }
}
