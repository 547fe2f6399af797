//! What this crate has to say to people, by the ids of the words in `rpa-ipc`: this
//! crate knows no language, and the wire does not know this crate.

/// A message, by its id in the catalogue of words, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub id: &'static str,
    pub args: Vec<(&'static str, String)>,
}

/// `said!("no-home", what = what)`: a message of the catalogue with its arguments.
macro_rules! said {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::said::Said { id: $id, args: vec![$((stringify!($name), $value.to_string())),*] }
    };
}
pub(crate) use said;
