//! The topics and their pages, one file for each topic and language in `pages/`.

use rpa_ipc::Language;

/// A page about something that people ask.
#[derive(Debug)]
pub struct Topic {
    pub name: &'static str,
    about: [&'static str; 2],
    pages: [&'static str; 2],
}

impl Topic {
    /// What it is about, in a few words.
    pub fn about(&self, language: Language) -> &'static str {
        self.about[at(language)]
    }

    /// Text in lines of at most 78.
    pub fn page(&self, language: Language) -> &'static str {
        self.pages[at(language)]
    }
}

fn at(language: Language) -> usize {
    match language {
        Language::English => 0,
        Language::Bulgarian => 1,
    }
}

macro_rules! topics {
    ($($name:literal, $english:literal, $bulgarian:literal;)+) => {
        /// Every topic, in the order in which they are listed.
        pub const TOPICS: &[Topic] = &[$(Topic {
            name: $name,
            about: [$english, $bulgarian],
            pages: [
                include_str!(concat!("pages/en/", $name, ".txt")),
                include_str!(concat!("pages/bg/", $name, ".txt")),
            ],
        }),+];
    };
}

topics! {
    "getting-started", "a first workflow, from nothing to its result",
        "първи работен процес, от нищо до резултат";
    "workflow", "the file: variables, steps, outputs, revisions",
        "файлът: променливи, стъпки, изходи, ревизии";
    "expressions", "what stands in {{ }}", "какво стои в {{ }}";
    "triggers", "what starts runs by itself", "какво пуска изпълнения само";
    "schedules", "cron, intervals, time zones, missed moments",
        "cron, интервали, часови зони, пропуснати моменти";
    "webhooks", "runs that a request over HTTP starts",
        "изпълнения, пуснати от заявка по HTTP";
    "retries", "tries, pauses, and running again", "опити, паузи и повторни изпълнения";
    "doubts", "steps whose end nobody saw", "стъпки, чийто край никой не е видял";
    "approvals", "steps that ask people", "стъпки, които питат хора";
    "secrets", "passwords and keys", "пароли и ключове";
    "output", "JSON, CSV, and scripts", "JSON, CSV и скриптове";
    "remote", "a daemon on another machine, over ssh", "демон на друга машина, през ssh";
    "exit-codes", "what the exit status says", "какво казва изходният код";
}

pub fn find(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name == name)
}

/// What stands over topics and commands, and below both.
pub fn headings(language: Language) -> (&'static str, &'static str, &'static str) {
    match language {
        Language::English => {
            ("Topics: rpa help TOPIC", "Commands: rpa help COMMAND", "Manual: man rpa")
        }
        Language::Bulgarian => {
            ("Теми: rpa help TOPIC", "Команди: rpa help COMMAND", "Ръководство: man rpa")
        }
    }
}
