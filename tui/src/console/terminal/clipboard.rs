//! The clipboard of whoever sits at the terminal, however far away: OSC 52.
//!
//! Only base64 leaves, whatever is copied.

/// What stands between us and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    Nothing,
    Tmux,
    Screen,
    /// A terminal that would show the sequence, or has no clipboard.
    Unable,
}

/// Characters of base64 in one piece for GNU screen, which drops longer strings.
const PIECE: usize = 76;

impl Between {
    /// As the environment of this process tells.
    pub fn here() -> Between {
        Between::of(&|name: &str| std::env::var(name).ok())
    }

    /// As the environment tells.
    pub fn of(variable: &impl Fn(&str) -> Option<String>) -> Between {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let terminal = set("TERM").unwrap_or_default();
        match () {
            () if set("TMUX").is_some() => Between::Tmux,
            () if set("STY").is_some() => Between::Screen,
            () if matches!(terminal.as_str(), "" | "dumb" | "linux") => Between::Unable,
            () => Between::Nothing,
        }
    }

    /// The bytes that copy `text`; `None` where nothing would.
    pub fn copy(self, text: &str) -> Option<Vec<u8>> {
        let data = base64(text.as_bytes());
        let plain = format!("\x1b]52;c;{data}\x07");
        Some(
            match self {
                Between::Unable => return None,
                Between::Nothing => plain,
                // tmux takes it itself where `set-clipboard` is on, and hands it on where
                // `allow-passthrough` is: nobody knows which
                Between::Tmux => {
                    format!("{plain}\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b"))
                }
                Between::Screen => {
                    let pieces: Vec<&str> = (0..data.len())
                        .step_by(PIECE)
                        .filter_map(|at| data.get(at..(at + PIECE).min(data.len())))
                        .collect();
                    format!("\x1bP\x1b]52;c;{}\x07\x1b\\", pieces.join("\x1b\\\x1bP"))
                }
            }
            .into_bytes(),
        )
    }
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let at = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i) & 63) as usize];
            text.push(if i <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let table = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("ден", "0LTQtdC9"),
        ];
        for (text, wanted) in table {
            assert_eq!(base64(text.as_bytes()), wanted, "{text}");
        }
    }

    #[test]
    fn each_kind_of_terminal_gets_its_form() {
        let told = |between: Between| {
            between.copy("hi").map(|bytes| String::from_utf8(bytes).expect("text"))
        };
        assert_eq!(told(Between::Nothing).as_deref(), Some("\x1b]52;c;aGk=\x07"));
        let tmux = told(Between::Tmux).expect("a sequence");
        assert!(tmux.ends_with("\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\"), "{tmux:?}");
        assert_eq!(told(Between::Screen).as_deref(), Some("\x1bP\x1b]52;c;aGk=\x07\x1b\\"));
        assert_eq!(told(Between::Unable), None);
        let long = Between::Screen.copy(&"x".repeat(200)).expect("a sequence");
        let long = String::from_utf8(long).expect("text");
        let pieces = long.split("\x1b\\").map(|piece| piece.trim_start_matches("\x1bP").len());
        assert!(pieces.into_iter().all(|length| length <= PIECE + 8), "{long:?}");
    }

    #[test]
    fn what_means_harm_leaves_as_base64() {
        let hostile = "\x1b]0;title\x07\x1b\\\n\u{9b}2J";
        for between in [Between::Nothing, Between::Tmux, Between::Screen] {
            let bytes = between.copy(hostile).expect("a sequence");
            let text = String::from_utf8(bytes).expect("text");
            assert!(!text.contains("title") && !text.contains('\u{9b}'), "{text:?}");
            let data = base64(hostile.as_bytes());
            assert_eq!(text.matches(&data).count(), if between == Between::Tmux { 2 } else { 1 });
        }
    }

    #[test]
    fn the_environment_tells_what_is_between() {
        let of = |set: &'static [(&'static str, &'static str)]| {
            Between::of(&move |name: &str| {
                set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(of(&[("TERM", "xterm-256color")]), Between::Nothing);
        assert_eq!(of(&[("TERM", "screen-256color"), ("TMUX", "/tmp/x,1,0")]), Between::Tmux);
        assert_eq!(of(&[("TERM", "screen"), ("STY", "1.pts")]), Between::Screen);
        assert_eq!(of(&[("TERM", "linux")]), Between::Unable);
        assert_eq!(of(&[]), Between::Unable);
    }
}
