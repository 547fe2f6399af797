//! Ten thousand keys in one sitting, whatever they lead to.

use rpa_ipc::Language;

use super::home::with_home;
use super::paper::text;
use super::sample::{self, NOW, press, tell};
use super::workflow_sample::{escape, source_of};
use crate::console::keys::{Key, TABLE};
use crate::console::state::{Done, EditWay, Effect, Entry, Msg, News, Overlay, State, update};
use crate::definition::tests::SOURCE;

const KEYS: usize = 10_000;
const SIZE: (u16, u16) = (80, 24);

/// The same numbers every time (a linear congruential generator, Knuth's MMIX).
fn random_numbers(seed: u64) -> impl FnMut() -> usize {
    let mut state = seed;
    move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    }
}

/// The one entry of the palette that is there to do harm.
fn on_the_panic(state: &State) -> bool {
    let Some(Overlay::Palette(open)) = &state.overlay else { return false };
    open.rows(state).get(open.at) == Some(&Entry::Panic)
}

#[test]
fn ten_thousand_keys_do_no_harm() {
    let mut state = with_home(SIZE, Language::English);
    let bound = TABLE.iter().flat_map(|binding| binding.keys.iter().copied());
    // what leaves, and what is typed
    let mut keys: Vec<Key> = bound.filter(|key| !matches!(key, Key::Ctrl('c' | 'z'))).collect();
    keys.extend("aя /.:\u{202e}1".chars().map(Key::Char));
    let mut random = random_numbers(11);
    for at in 0..KEYS {
        let mut key = keys[random() % keys.len()];
        if on_the_panic(&state) {
            key = Key::Esc;
        }
        press(&mut state, key);
        // something to open, now and then, and the answers to what was asked for
        match random() % 50 {
            0 => {
                tell(&mut state, News::Workflows(sample::workflows()));
            }
            1 => {
                tell(&mut state, News::Triggers(sample::triggers()));
            }
            2 => {
                let want = state.runs.want(NOW);
                tell(&mut state, News::Runs { want, rows: sample::runs(), more: true });
            }
            3 => {
                tell(&mut state, News::Run(sample::nested("running")));
            }
            4 => {
                tell(&mut state, News::Lost(sample::away()));
                tell(&mut state, News::Up);
            }
            5 => {
                let newest = Ok(source_of(5, SOURCE));
                let done = Done::Newest(EditWay::Visual, newest);
                tell(&mut state, News::Done(Box::new(done)));
            }
            _ => {}
        }
        if at % 4 == 0 {
            text(&state);
        }
    }
    update(&mut state, NOW, Msg::Resize(SIZE.0, SIZE.1));
    for _ in 0..20 {
        assert!(!escape(&mut state).contains(&Effect::Quit), "Esc never leaves");
    }
    assert!(!state.is_open() && state.overlay.is_none(), "{}", text(&state));
    assert_eq!(press(&mut state, Key::Char('q')), [Effect::Quit]);
}
