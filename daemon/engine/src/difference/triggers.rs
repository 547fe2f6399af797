//! What differs between two declarations of a trigger.

use super::differing;
use crate::trigger::{
    Chain, FileWatch, Flow, Gather, Manual, Moments, Schedule, Source, Subscription, Trigger,
    Webhook,
};

pub(super) fn keys(old: &Trigger, new: &Trigger) -> Vec<&'static str> {
    // each field is named, so that a new one is not forgotten
    let Trigger { id: _, description, source, condition, vars, flow, enabled } = old;
    let mut keys = differing(&[
        ("description", *description == new.description),
        ("enabled", *enabled == new.enabled),
        ("if", *condition == new.condition),
        ("vars", *vars == new.vars),
    ]);
    keys.extend(match (source, &new.source) {
        (Source::Schedule(old), Source::Schedule(new)) => schedule_keys(old, new),
        (Source::Webhook(old), Source::Webhook(new)) => webhook_keys(old, new),
        (Source::FileWatch(old), Source::FileWatch(new)) => file_watch_keys(old, new),
        (Source::Event(old), Source::Event(new)) => event_keys(old, new),
        (Source::After(old), Source::After(new)) => after_keys(old, new),
        (Source::Manual(old), Source::Manual(new)) => manual_keys(old, new),
        (_, other) => vec![other.word()],
    });
    keys.extend(flow_keys(flow, &new.flow));
    keys
}

fn schedule_keys(old: &Schedule, new: &Schedule) -> Vec<&'static str> {
    let Schedule {
        moments,
        timezone,
        gap,
        fold,
        jitter_ms,
        start,
        end,
        days,
        outside,
        catch_up,
        overlap,
        pause_on_failure,
    } = old;
    let is_named = match new.moments {
        Moments::Cron(_) => "cron",
        Moments::Every { .. } => "every",
        Moments::At(_) => "at",
    };
    differing(&[
        (is_named, *moments == new.moments),
        ("timezone", *timezone == new.timezone),
        ("dst", (gap, fold) == (&new.gap, &new.fold)),
        ("jitter", *jitter_ms == new.jitter_ms),
        ("start", *start == new.start),
        ("end", *end == new.end),
        ("days", *days == new.days),
        ("outside", *outside == new.outside),
        ("catch_up", *catch_up == new.catch_up),
        ("overlap", *overlap == new.overlap),
        ("pause_on_failure", *pause_on_failure == new.pause_on_failure),
    ])
}

fn webhook_keys(old: &Webhook, new: &Webhook) -> Vec<&'static str> {
    let Webhook { path, scheme, secrets, tolerance_ms, max_body, rate, respond_ms } = old;
    differing(&[
        ("path", *path == new.path),
        (
            "verify",
            (scheme, secrets, tolerance_ms) == (&new.scheme, &new.secrets, &new.tolerance_ms),
        ),
        ("max_body", *max_body == new.max_body),
        ("rate", *rate == new.rate),
        ("respond", *respond_ms == new.respond_ms),
    ])
}

fn file_watch_keys(old: &FileWatch, new: &FileWatch) -> Vec<&'static str> {
    let FileWatch {
        directory,
        include,
        exclude,
        recursive,
        changes,
        stable_ms,
        by_content,
        existing,
        poll_ms,
    } = old;
    differing(&[
        ("directory", *directory == new.directory),
        ("include", *include == new.include),
        ("exclude", *exclude == new.exclude),
        ("recursive", *recursive == new.recursive),
        ("changes", *changes == new.changes),
        ("stable_for", *stable_ms == new.stable_ms),
        ("dedupe", *by_content == new.by_content),
        ("existing", *existing == new.existing),
        ("poll", *poll_ms == new.poll_ms),
    ])
}

fn event_keys(old: &Subscription, new: &Subscription) -> Vec<&'static str> {
    let Subscription { event, fits } = old;
    differing(&[("event", *event == new.event), ("match", *fits == new.fits)])
}

fn after_keys(old: &Chain, new: &Chain) -> Vec<&'static str> {
    let Chain { workflow, statuses, fits } = old;
    differing(&[
        ("workflow", *workflow == new.workflow),
        ("status", *statuses == new.statuses),
        ("match", *fits == new.fits),
    ])
}

fn manual_keys(old: &Manual, new: &Manual) -> Vec<&'static str> {
    let Manual { who, variables } = old;
    differing(&[("who", *who == new.who), ("variables", *variables == new.variables)])
}

fn flow_keys(old: &Flow, new: &Flow) -> Vec<&'static str> {
    let Flow { gather, throttle, pause_on_failure } = old;
    let gathers = match (gather, &new.gather) {
        (Some(Gather::Batch { .. }), _) | (_, Some(Gather::Batch { .. })) => "batch",
        (Some(Gather::Debounce { .. }) | None, _) => "debounce",
    };
    differing(&[
        (gathers, *gather == new.gather),
        ("throttle", *throttle == new.throttle),
        ("pause_on_failure", *pause_on_failure == new.pause_on_failure),
    ])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::run::RunStatus;
    use crate::template::{Expr, Reads, Template};
    use crate::trigger::{
        Bound, CatchUp, Days, DstGap, DstOverlap, Excess, FileChange, Outside, Overlap, Rate,
        SignatureScheme, Throttle,
    };
    use crate::{Label, WorkflowRef};

    type Turn<'t, T> = &'t dyn Fn(&mut T);

    const RATE: Rate = Rate { limit: 1, per_ms: 1_000 };

    fn of(source: Source) -> Trigger {
        Trigger {
            id: "t".parse().unwrap(),
            description: String::new(),
            source,
            condition: None,
            vars: BTreeMap::new(),
            flow: Flow::default(),
            enabled: true,
        }
    }

    fn nightly() -> Schedule {
        Schedule {
            moments: Moments::Cron("0 3 * * *".into()),
            timezone: "UTC".into(),
            gap: Default::default(),
            fold: Default::default(),
            jitter_ms: 0,
            start: None,
            end: None,
            days: None,
            outside: Default::default(),
            catch_up: CatchUp {
                policy: Default::default(),
                window_ms: None,
                max: 100,
                spread_ms: 0,
            },
            overlap: Default::default(),
            pause_on_failure: None,
        }
    }

    fn hook() -> Webhook {
        Webhook {
            path: "a".into(),
            scheme: SignatureScheme::Standard,
            secrets: vec!["key".parse().unwrap()],
            tolerance_ms: 300_000,
            max_body: 1,
            rate: None,
            respond_ms: None,
        }
    }

    fn watch() -> FileWatch {
        FileWatch {
            directory: "/a".into(),
            include: Vec::new(),
            exclude: Vec::new(),
            recursive: false,
            changes: FileChange::ALL.into(),
            stable_ms: 0,
            by_content: false,
            existing: false,
            poll_ms: None,
        }
    }

    fn expr() -> Option<Expr> {
        Some(Expr { source: "trigger.x".into(), reads: Reads::default() })
    }

    /// What is turned differs by this key, and by no other.
    fn differ<T: Clone>(
        old: &T,
        source: impl Fn(T) -> Source,
        turns: &[(&'static str, Turn<'_, T>)],
    ) {
        for (key, turn) in turns {
            let mut new = old.clone();
            turn(&mut new);
            assert_eq!(keys(&of(source(old.clone())), &of(source(new))), [*key]);
        }
    }

    #[test]
    fn what_all_kinds_have_differs_by_its_key() {
        let turns: [(&str, Turn<'_, Trigger>); 8] = [
            ("description", &|t| t.description = "d".into()),
            ("enabled", &|t| t.enabled = false),
            ("if", &|t| t.condition = expr()),
            ("vars", &|t| t.vars = [("v".parse().unwrap(), Template::empty_map())].into()),
            ("webhook", &|t| t.source = Source::Webhook(Box::new(hook()))),
            ("batch", &|t| t.flow.gather = Some(Gather::Batch { size: 2, wait_ms: 1 })),
            ("throttle", &|t| {
                t.flow.throttle = Some(Throttle { rate: RATE, excess: Excess::Wait });
            }),
            ("pause_on_failure", &|t| t.flow.pause_on_failure = Some(2)),
        ];
        let old = of(Source::Schedule(Box::new(nightly())));
        assert!(keys(&old, &old).is_empty());
        for (key, turn) in turns {
            let mut new = old.clone();
            turn(&mut new);
            assert_eq!(keys(&old, &new), [key]);
        }
        let mut quiet = old.clone();
        let debounce = Gather::Debounce { wait_ms: 1, max_ms: None, key: None };
        quiet.flow.gather = Some(debounce);
        assert_eq!(keys(&old, &quiet), ["debounce"]);
    }

    #[test]
    fn each_setting_of_each_kind_differs_by_its_key() {
        let bound = || Some(Bound { text: "2026-12-01".into(), at_ms: 1 });
        differ(
            &nightly(),
            |s| Source::Schedule(Box::new(s)),
            &[
                ("cron", &|s| s.moments = Moments::Cron("0 4 * * *".into())),
                ("at", &|s| s.moments = Moments::At(bound().into_iter().collect())),
                ("start", &|s| s.start = bound()),
                ("end", &|s| s.end = bound()),
                ("timezone", &|s| s.timezone = "Europe/Sofia".into()),
                ("dst", &|s| s.gap = DstGap::Skip),
                ("dst", &|s| s.fold = DstOverlap::Both),
                ("jitter", &|s| s.jitter_ms = 1),
                ("days", &|s| s.days = Some(Days::default())),
                ("outside", &|s| s.outside = Outside::Defer),
                ("catch_up", &|s| s.catch_up.max = 7),
                ("overlap", &|s| s.overlap = Overlap::Allow),
                ("pause_on_failure", &|s| s.pause_on_failure = Some(3)),
            ],
        );
        differ(
            &hook(),
            |w| Source::Webhook(Box::new(w)),
            &[
                ("path", &|w| w.path = "b".into()),
                ("verify", &|w| w.scheme = SignatureScheme::Github),
                ("verify", &|w| w.secrets.clear()),
                ("verify", &|w| w.tolerance_ms = 1),
                ("max_body", &|w| w.max_body = 2),
                ("rate", &|w| w.rate = Some(RATE)),
                ("respond", &|w| w.respond_ms = Some(1)),
            ],
        );
        differ(
            &watch(),
            |w| Source::FileWatch(Box::new(w)),
            &[
                ("directory", &|w| w.directory = "/b".into()),
                ("include", &|w| w.include.push("*".into())),
                ("exclude", &|w| w.exclude.push("*".into())),
                ("recursive", &|w| w.recursive = true),
                ("changes", &|w| w.changes.clear()),
                ("stable_for", &|w| w.stable_ms = 1),
                ("dedupe", &|w| w.by_content = true),
                ("existing", &|w| w.existing = true),
                ("poll", &|w| w.poll_ms = Some(1)),
            ],
        );
        differ(
            &Subscription { event: "a".parse().unwrap(), fits: None },
            Source::Event,
            &[("event", &|e| e.event = "b".parse().unwrap()), ("match", &|e| e.fits = expr())],
        );
        let default: Label = "default".parse().unwrap();
        let named = |name: &str| WorkflowRef::parse(name, &default).unwrap();
        differ(
            &Chain { workflow: named("a"), statuses: vec![RunStatus::Completed], fits: None },
            Source::After,
            &[
                ("workflow", &|c| c.workflow = named("b")),
                ("status", &|c| c.statuses.clear()),
                ("match", &|c| c.fits = expr()),
            ],
        );
        differ(
            &Manual { who: Vec::new(), variables: None },
            Source::Manual,
            &[
                ("who", &|m| m.who.push("ann".into())),
                ("variables", &|m| m.variables = Some([].into())),
            ],
        );
    }
}
