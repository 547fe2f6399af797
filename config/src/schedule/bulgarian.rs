//! What a cron expression says, in Bulgarian.

use croner::describe::Language;

/// Numbers stand behind their unit (`минута 5`, `ден 1`), so that lists and ranges of them need
/// no other form.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bulgarian;

impl Language for Bulgarian {
    fn every_minute(&self) -> &'static str {
        "Всяка минута"
    }

    fn every_second_phrase(&self) -> &'static str {
        "Всяка секунда"
    }

    fn every_x_minutes(&self, step: u16) -> String {
        format!("на всеки {step} минути")
    }

    fn every_x_seconds(&self, step: u16) -> String {
        format!("на всеки {step} секунди")
    }

    fn every_x_hours(&self, step: u16) -> String {
        format!("на всеки {step} часа")
    }

    fn every_minute_of_every_x_hours(&self, step: u16) -> String {
        format!("Всяка минута, на всеки {step} часа")
    }

    fn at_time(&self, time: &str) -> String {
        format!("В {time}")
    }

    fn at_time_and_every_x_seconds(&self, time: &str, step: u16) -> String {
        format!("В {time}, на всеки {step} секунди")
    }

    fn at_time_at_second(&self, time: &str, second: &str) -> String {
        format!("В {time}, секунда {second}")
    }

    // what follows says for itself when: `на всеки 15 минути`, `минута 5 от всеки час`
    fn at_phrase(&self, phrase: &str) -> String {
        phrase.to_owned()
    }

    fn on_phrase(&self, phrase: &str) -> String {
        phrase.to_owned()
    }

    fn in_phrase(&self, phrase: &str) -> String {
        phrase.to_owned()
    }

    fn second_phrase(&self, s: &str) -> String {
        format!("секунда {s}")
    }

    fn minute_phrase(&self, s: &str) -> String {
        format!("минута {s}")
    }

    fn minute_past_every_hour_phrase(&self, s: &str) -> String {
        format!("{s} от всеки час")
    }

    fn hour_phrase(&self, s: &str) -> String {
        format!("час {s}")
    }

    fn year_phrase(&self, s: &str) -> String {
        format!("година {s}")
    }

    fn day_phrase(&self, s: &str) -> String {
        format!("ден {s}")
    }

    fn the_last_day_of_the_month(&self) -> &'static str {
        "последния ден на месеца"
    }

    fn the_weekday_nearest_day(&self, day: &str) -> String {
        format!("най-близкия до ден {day} делничен ден")
    }

    fn the_last_weekday_of_the_month(&self, day: &str) -> String {
        format!("{day}, за последен път в месеца")
    }

    fn the_nth_weekday_of_the_month(&self, n: u8, day: &str) -> String {
        format!("{day}, за {n}-ви път в месеца")
    }

    fn dom_and_dow_if_also(&self, dow: &str) -> String {
        format!("(ако е и {dow})")
    }

    fn dom_and_dow_if_also_one_of(&self, dow: &str) -> String {
        format!("(ако е и едно от: {dow})")
    }

    fn list_conjunction_and(&self) -> &'static str {
        "и"
    }

    fn list_conjunction_or(&self) -> &'static str {
        "или"
    }

    fn list_conjunction_and_comma(&self) -> &'static str {
        " и"
    }

    fn day_of_week_names(&self) -> [&'static str; 7] {
        ["неделя", "понеделник", "вторник", "сряда", "четвъртък", "петък", "събота"]
    }

    fn month_names(&self) -> [&'static str; 12] {
        [
            "януари",
            "февруари",
            "март",
            "април",
            "май",
            "юни",
            "юли",
            "август",
            "септември",
            "октомври",
            "ноември",
            "декември",
        ]
    }

    fn every_past_phrase(&self, every: &str, hours: &str) -> String {
        format!("{every}, {hours}")
    }

    fn past_hour_phrase(&self, s: &str) -> String {
        format!("час {s}")
    }

    fn every_x_months(&self, step: u16) -> String {
        format!("на всеки {step} месеца")
    }

    fn every_x_years(&self, step: u16) -> String {
        format!("на всеки {step} години")
    }
}
