//! Layers, refusals, and what a save leaves alone.

use std::fs;
use std::path::Path;

use rpa_config::paths::UserDirs;
use rpa_ipc::FaultCode;
use rpa_ipc::Language::{Bulgarian, English};
use tempfile::TempDir;

use super::*;

struct Home {
    dir: TempDir,
    variables: Vec<(&'static str, String)>,
    flags: Vec<(&'static str, Option<String>)>,
}

impl Home {
    fn new() -> Home {
        Home { dir: tempfile::tempdir().unwrap(), variables: Vec::new(), flags: Vec::new() }
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("config/rpa/tui.toml")
    }

    fn holding(text: &str) -> Home {
        let home = Home::new();
        fs::create_dir_all(home.file().parent().unwrap()).unwrap();
        fs::write(home.file(), text).unwrap();
        home
    }

    fn set(mut self, name: &'static str, value: &str) -> Home {
        self.variables.push((name, value.to_owned()));
        self
    }

    fn flag(mut self, name: &'static str, value: &str) -> Home {
        self.flags.push((name, Some(value.to_owned())));
        self
    }

    fn load(&self, named: Option<&Path>) -> Result<Settings, Fault> {
        let find = |name: &str| self.variables.iter().find(|v| v.0 == name).map(|v| v.1.clone());
        let config = Some(self.dir.path().join("config"));
        let user = UserDirs { config, ..UserDirs::default() };
        Settings::load(named, &self.flags, &find, &user)
    }

    fn settings(&self) -> Settings {
        self.load(None).unwrap()
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }
}

#[test]
fn each_layer_goes_before_the_next() {
    let none = Home::new().settings();
    assert_eq!((none.language, none.keyboard), (English, Layout::Us));
    assert_eq!((none.glyphs, none.max_fps), (Glyphs::Auto, None));
    let charset = Home::new().set("LANG", "bg_BG.CP1251");
    assert_eq!(charset.settings().language, English, "it could not be shown");
    let locale = Home::new().set("LANG", "bg_BG.UTF-8");
    assert_eq!(locale.settings().language, Bulgarian);

    let file = "language = \"en\"\nkeyboard = \"bg-bds\"\nglyphs = \"ascii\"\nmax_fps = 5\n";
    let home = Home::holding(file).set("LANG", "bg_BG.UTF-8");
    let read = home.settings();
    assert_eq!((read.language, read.keyboard), (English, Layout::Bds));
    assert_eq!((read.glyphs, read.max_fps), (Glyphs::Ascii, Some(5)));

    let home = home.set("RPA_LANG", "bg");
    assert_eq!(home.settings().language, Bulgarian, "the environment goes before the file");
    let home = home.flag("language", "en").flag("keyboard", "bg-phonetic");
    let read = home.settings();
    assert_eq!((read.language, read.keyboard, read.max_fps), (English, Layout::Phonetic, Some(5)));
}

#[test]
fn an_empty_or_unknown_language_of_the_environment_is_no_reason_to_refuse_work() {
    let bulgarian = || Home::holding("language = \"bg\"\n").set("LANG", "en_US.UTF-8");
    assert_eq!(bulgarian().set("RPA_LANG", "").settings().language, Bulgarian);
    assert_eq!(bulgarian().set("RPA_LANG", "auto").settings().language, English);
    assert_eq!(bulgarian().set("RPA_LANG", "klingon").settings().language, English);
    assert_eq!(bulgarian().set("RPA_LANG", "BG").settings().language, Bulgarian);
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let table = [
        ("langauge = \"bg\"", "1:1: there is no setting \"langauge\"; did you mean \"language\"?"),
        ("\n  colour = 1", "2:3: there is no setting \"colour\"; settings: language, "),
        ("keyboard = \"qwertz\"", "1:12: keyboard cannot be \"qwertz\": write us, bg-bds, "),
        ("max_fps = 61", "1:11: max_fps cannot be \"61\": write 1-60"),
        ("max_fps = \"5\"", "1:11: max_fps cannot be of type string: write 1-60"),
        ("glyphs = true", "1:10: glyphs cannot be of type boolean: write auto, unicode, ascii"),
        ("[language]\nx = 1", ": language cannot be of type table: write auto, en, bg"),
        ("glyphs = \"ascii", "1:"),
    ];
    for (text, wanted) in table {
        let home = Home::holding(text);
        let fault = home.load(None).unwrap_err();
        assert_eq!((fault.code, fault.code.exit()), (FaultCode::Settings, 78), "{text}");
        assert!(fault.message.starts_with(&home.file().display().to_string()), "{fault}");
        assert!(fault.message.contains(wanted), "{fault}");
        assert!(!fault.hint.is_empty());
    }
    let both = Home::holding("x = 1\ny = 2\n").load(None).unwrap_err();
    assert_eq!(both.message.lines().count(), 2, "every problem at once: {both}");
    let said = both.message_in(Bulgarian);
    assert!(said.contains("няма настройка „x“"), "{said}");
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let home = Home::new();
    let other = home.dir.path().join("other.toml");
    assert!(home.load(Some(&other)).unwrap_err().message.contains("other.toml"));
    let by_variable = Home::new().set(CONFIG_ENV, other.to_str().unwrap());
    assert!(by_variable.load(None).is_err());
    fs::write(&other, "max_fps = 7\n").unwrap();
    assert_eq!(by_variable.load(None).unwrap().max_fps, Some(7));
    assert_eq!(home.load(Some(&other)).unwrap().max_fps, Some(7));
}

#[test]
fn a_save_writes_what_changed_and_keeps_the_rest() {
    let text = "# mine\nlanguage = \"en\"  # for now\n\n# slow line\nmax_fps = 5\n# end\n";
    let home = Home::holding(text).flag("keyboard", "bg-bds");
    let mut settings = home.settings();
    assert_eq!(settings.changes(), Ok(None), "what a flag said is not written");
    settings.language = Bulgarian;
    settings.glyphs = Glyphs::Ascii;
    settings.changes().unwrap().unwrap().write().unwrap();
    let wanted = "# mine\nlanguage = \"bg\"  # for now\n\n# slow line\nmax_fps = 5\n\
                  glyphs = \"ascii\"\n# end\n";
    assert_eq!(home.text(), wanted);
    assert_eq!(settings.changes(), Ok(None), "once");
    settings.language = English;
    settings.max_fps = None;
    settings.changes().unwrap().unwrap().write().unwrap();
    assert!(home.text().contains("language = \"en\"  # for now"), "{}", home.text());
    assert!(!home.text().contains("max_fps"), "{}", home.text());
    let beside: Vec<_> = fs::read_dir(home.file().parent().unwrap()).unwrap().collect();
    assert_eq!(beside.len(), 1, "no draft is left");
}

#[test]
fn the_first_save_makes_the_directory_and_what_it_wrote_is_read() {
    let home = Home::new();
    let mut settings = home.settings();
    settings.keyboard = Layout::BasPhonetic;
    settings.max_fps = Some(3);
    settings.changes().unwrap().unwrap().write().unwrap();
    assert!(home.text().starts_with("# Settings of"), "{}", home.text());
    let read = home.settings();
    assert_eq!((read.keyboard, read.max_fps), (Layout::BasPhonetic, Some(3)));
}

#[test]
fn a_save_follows_links_and_never_touches_what_it_cannot_read() {
    let home = Home::holding("");
    let real = home.dir.path().join("dotfiles.toml");
    fs::rename(home.file(), &real).unwrap();
    std::os::unix::fs::symlink(&real, home.file()).unwrap();
    let mut settings = home.settings();
    settings.language = Bulgarian;
    settings.changes().unwrap().unwrap().write().unwrap();
    assert!(fs::symlink_metadata(home.file()).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), "language = \"bg\"\n");

    fs::write(&real, "language = \n").unwrap();
    settings.language = English;
    let refused = settings.changes().unwrap().unwrap().write().unwrap_err();
    assert!(refused.contains("no longer valid"), "{refused}");
    assert_eq!(fs::read_to_string(&real).unwrap(), "language = \n");
}

#[test]
fn without_a_home_the_settings_can_be_changed_but_not_kept() {
    let mut settings = Settings::load(None, &[], &|_: &str| None, &UserDirs::default()).unwrap();
    settings.language = Bulgarian;
    assert!(settings.changes().unwrap_err().contains("no home directory"));
}

#[test]
fn the_terminal_decides_what_is_shown_unless_a_setting_does() {
    let table = [
        (Glyphs::Auto, vec![("LANG", "bg_BG.UTF-8"), ("TERM", "xterm")], true, true),
        (Glyphs::Auto, vec![("LANG", "bg_BG.UTF-8"), ("TERM", "linux")], false, true),
        (Glyphs::Auto, vec![("LANG", "C"), ("TERM", "xterm")], false, true),
        (Glyphs::Unicode, vec![("LANG", "C"), ("TERM", "linux"), ("NO_COLOR", "1")], true, false),
        (Glyphs::Ascii, vec![("LANG", "C.UTF-8"), ("NO_COLOR", "")], false, true),
        (Glyphs::Auto, vec![("LC_ALL", "C.UTF-8"), ("TERM", "dumb")], true, false),
    ];
    for (glyphs, set, unicode, colour) in table {
        let find = |name: &str| set.iter().find(|v| v.0 == name).map(|v| v.1.to_owned());
        let wanted = Look { unicode, colour, contrast: false };
        assert_eq!(look(glyphs, Theme::Auto, &find), wanted, "{glyphs:?} {set:?}");
        assert!(!look(glyphs, Theme::Mono, &find).colour);
        assert!(look(glyphs, Theme::HighContrast, &find).contrast);
    }
}

#[test]
fn each_value_says_where_it_comes_from() {
    let file = "\n# mine\nlanguage = \"en\"\nstart = \"runs\"\n";
    let home = Home::holding(file).set("RPA_LANG", "bg").flag("keyboard", "bg-bds");
    let mut read = home.settings();
    assert_eq!(read.origin("language"), Origin::Environment("RPA_LANG"));
    assert_eq!(read.origin("start"), Origin::File(4));
    assert_eq!(read.origin("keyboard"), Origin::Flag);
    assert_eq!(read.origin("theme"), Origin::Default);
    let theme = define::find("theme").unwrap();
    assert!(!read.choose(theme, "pink"));
    assert_eq!((read.theme, read.origin("theme")), (Theme::Auto, Origin::Default));
    assert!(read.choose(theme, "mono"));
    assert_eq!((read.theme, read.origin("theme")), (Theme::Mono, Origin::Here));
}

#[test]
fn a_time_zone_must_be_one() {
    assert!(Home::holding("time_zone = \"Mars/Base\"\n").load(None).is_err());
    let sofia = Home::holding("time_zone = \"Europe/Sofia\"\n").settings();
    assert_eq!(sofia.zone().iana_name(), Some("Europe/Sofia"));
    let auto = Home::holding("time_zone = \"auto\"\n").settings();
    assert_eq!(auto.time_zone, None);
}

#[test]
fn views_are_kept_in_their_table_with_the_comments_around_it() {
    let file = "# mine\nglyphs = \"ascii\"\n\n[views] # lists\n# why\nnight = \"runs wf:night\" # at night\nold = \"locks\"\n";
    let home = Home::holding(file);
    let mut settings = home.settings();
    let view = |name: &str, place: &str| (name.to_owned(), place.to_owned());
    assert_eq!(settings.views, [view("night", "runs wf:night"), view("old", "locks")]);
    settings.views = vec![view("night", "runs wf:night"), view("нов", "slots status:missed")];
    settings.language = Bulgarian;
    let changes = settings.changes().unwrap().expect("something changed");
    changes.write().unwrap();
    let text = fs::read_to_string(home.file()).unwrap();
    for kept in ["# mine", "[views] # lists", "# why\nnight = \"runs wf:night\" # at night"] {
        assert!(text.contains(kept), "{text}");
    }
    assert!(!text.contains("old ="), "{text}");
    assert!(text.find("language").unwrap() < text.find("[views]").unwrap(), "{text}");
    assert_eq!(home.settings().views, settings.views, "{text}");
    assert_eq!(settings.changes().unwrap(), None, "written once");
    // the last one takes its table along
    settings.views.clear();
    settings.changes().unwrap().expect("something changed").write().unwrap();
    assert!(!fs::read_to_string(home.file()).unwrap().contains("[views]"));
}

#[test]
fn a_view_that_cannot_be_is_named_with_its_place() {
    let table = [
        ("views = 1", "1:9: views cannot be of type integer"),
        ("[views]\na = 1", "2:5: views.a cannot be of type integer"),
        ("[views]\na = \"nowhere x\"", "2:5: views.a cannot be \"nowhere x\": write overview, "),
        ("[views]\n\"a b\" = \"runs\"", "views.a b cannot be \"runs\""),
    ];
    for (text, wanted) in table {
        let fault = Home::holding(text).load(None).unwrap_err();
        assert!(fault.message.contains(wanted), "{fault}");
    }
}
