//! The command line of the console.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use rpa_engine::Label;
use rpa_ipc::{Fault, FaultCode, Language, fault, said};

use super::settings::{Glyphs, Settings, words};
use super::theme::Look;
use crate::cli::args::namespace;
use crate::remote::Host;

const EXAMPLES: &str = "\
Examples:
  rpa-tui                             your own daemon, or that of the system
  rpa-tui -n ops --lang bg            another namespace, in Bulgarian
  rpa-tui --socket /run/rpad/rpad.sock
  rpa-tui --glyphs ascii              where boxes and arrows come out wrong
  rpa-tui --host ops1                 on another machine, over ssh
  rpa-tui --keys                      the keys, to change them

In the console ? shows the keys, q leaves. For scripts and pipes there is rpa.";

/// Workflows and runs on the whole terminal: watch, start, cancel and decide
#[derive(Debug, Parser)]
#[command(name = "rpa-tui", version, after_help = EXAMPLES)]
pub struct Args {
    /// The daemon's socket [env: RPA_SOCKET]
    #[arg(long, value_name = "PATH")]
    pub socket: Option<PathBuf>,

    /// The console of another machine, over ssh: host or user@host [env: RPA_HOST]
    #[arg(long, value_name = "HOST", conflicts_with = "config")]
    pub host: Option<Host>,

    /// The namespace whose workflows and runs are shown
    #[arg(
        short,
        long,
        value_name = "NS",
        env = "RPA_NAMESPACE",
        hide_env_values = true,
        default_value = "default",
        value_parser = namespace
    )]
    pub namespace: Label,

    /// The language; auto is that of the locale [env: RPA_LANG]
    #[arg(long, value_name = "LANG", value_parser = PossibleValuesParser::new(words("language")))]
    pub lang: Option<String>,

    /// The keyboard layout, so that keys mean the same while a Cyrillic one is on
    #[arg(long, value_name = "LAYOUT", value_parser = PossibleValuesParser::new(words("keyboard")))]
    pub keyboard: Option<String>,

    /// Glyphs beyond ASCII; auto is what the locale and the terminal allow
    #[arg(long, value_name = "GLYPHS", value_parser = PossibleValuesParser::new(words("glyphs")))]
    pub glyphs: Option<String>,

    /// Refuse everything that would change something
    #[arg(long)]
    pub read_only: bool,

    /// The list to begin with
    #[arg(long, value_name = "SCREEN", value_parser = PossibleValuesParser::new(words("start")))]
    pub start: Option<String>,

    /// Colours: those of the terminal, none, or none faint and all bold
    #[arg(long, value_name = "THEME", value_parser = PossibleValuesParser::new(words("theme")))]
    pub theme: Option<String>,

    /// Print the keys in force, as a keys.toml to change, and end
    #[arg(long)]
    pub keys: bool,

    /// The file of settings [env: RPA_TUI_CONFIG]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl Args {
    /// The language that was asked for by name, for faults before there are settings.
    pub fn language(&self) -> Option<Language> {
        self.lang.as_ref()?.parse().ok()
    }

    /// The settings that flags say, by name.
    pub fn settings(&self) -> [(&'static str, Option<String>); 6] {
        [
            ("language", self.lang.clone()),
            ("keyboard", self.keyboard.clone()),
            ("glyphs", self.glyphs.clone()),
            ("start", self.start.clone()),
            ("theme", self.theme.clone()),
            ("read_only", self.read_only.then(|| "on".to_owned())),
        ]
    }
}

impl Args {
    /// The options with which the console of another machine is as this one would be:
    /// the person, the keyboard and the terminal are of here.
    pub fn elsewhere(&self, settings: &Settings, look: Look) -> Vec<String> {
        let glyphs = if look.unicode { Glyphs::Unicode } else { Glyphs::Ascii };
        let socket = self.socket.as_ref().map(|path| format!("--socket={}", path.display()));
        let said = [
            format!("--namespace={}", self.namespace),
            format!("--lang={}", settings.language),
            format!("--keyboard={}", settings.keyboard.word()),
            format!("--glyphs={}", glyphs.word()),
            format!("--theme={}", settings.theme.word()),
            format!("--start={}", settings.start.word()),
        ];
        let read_only = settings.read_only.then(|| "--read-only".to_owned());
        socket.into_iter().chain(said).chain(read_only).collect()
    }
}

/// The console is for eyes and hands.
pub fn needs_terminal() -> Result<(), Fault> {
    let fault = match (io::stdin().is_terminal(), io::stdout().is_terminal()) {
        (true, true) => return Ok(()),
        (false, _) => fault!(FaultCode::Usage, "console-no-input"),
        (true, false) => fault!(FaultCode::Usage, "console-no-output"),
    };
    Err(fault.hint(said!("hint-console-scripts")))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound_and_its_help_fits_a_terminal() {
        Args::command().debug_assert();
        assert!(EXAMPLES.lines().all(|line| line.chars().count() <= 80));
    }

    const ALL: &str = "-n ops --lang bg --keyboard bg-bds --glyphs ascii --config a.toml \
                       --start runs --theme mono --read-only";

    #[test]
    fn what_is_understood_and_what_is_refused() {
        let parse = |line: &str| Args::try_parse_from(format!("rpa-tui {line}").split_whitespace());
        let args = parse(ALL).unwrap();
        assert_eq!(args.namespace.as_str(), "ops");
        let flags = args.settings();
        assert!(flags.iter().all(|(_, text)| text.is_some()), "{flags:?}");
        for line in
            ["--lang de", "--keyboard qwerty", "--glyphs emoji", "-n UPPER", "runs", "--json"]
        {
            assert_eq!(parse(line).unwrap_err().exit_code(), 2, "{line}");
        }
    }
}
