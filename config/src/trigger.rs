//! What a trigger waits for, in words.

use rpa_engine::Label;
use rpa_engine::run::RunStatus;
use rpa_engine::trigger::{Chain, FileChange, FileWatch, Source};

use crate::schedule;

/// What a trigger of a workflow of `namespace` waits for, in a few English words.
pub fn describe(source: &Source, namespace: &Label) -> String {
    match source {
        Source::Schedule(schedule) => schedule::describe(schedule),
        Source::Webhook(webhook) => {
            let scheme = webhook.scheme.word();
            format!("POST /hooks/{namespace}/{} ({scheme})", webhook.path)
        }
        Source::FileWatch(watch) => files(watch),
        Source::Event(event) => format!("event {}", event.event),
        Source::After(chain) => after(chain, namespace),
        Source::Manual(manual) => {
            let who = manual.who.iter().map(|name| format!(", {name}")).collect::<String>();
            format!("by hand{who}")
        }
    }
}

fn files(watch: &FileWatch) -> String {
    let place = if watch.recursive { "in and below" } else { "in" };
    let mut text = format!("files {place} {}", watch.directory);
    if !watch.include.is_empty() {
        text += &format!(": {}", watch.include.join(", "));
    }
    if !watch.exclude.is_empty() {
        text += &format!(" but {}", watch.exclude.join(", "));
    }
    let changes: Vec<_> = watch.changes.iter().map(|change: &FileChange| change.word()).collect();
    text + " " + &changes.join(", ")
}

fn after(chain: &Chain, namespace: &Label) -> String {
    let workflow = match chain.workflow.namespace == *namespace {
        true => chain.workflow.name.to_string(),
        false => chain.workflow.to_string(),
    };
    let statuses: Vec<_> = chain.statuses.iter().map(|status: &RunStatus| status.word()).collect();
    format!("after {workflow} {}", statuses.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::check;

    fn said(trigger: &str) -> String {
        let source = format!(
            "version: 1\nname: w\ntriggers: [{{{trigger}}}]\nsteps: [{{id: a, uses: noop}}]\n"
        );
        let namespace = "ops".parse().unwrap();
        let checked = check(&source, "w.yaml", &namespace);
        let workflow = checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems));
        describe(&workflow.triggers[0].source, &namespace)
    }

    #[test]
    fn what_a_trigger_waits_for() {
        for (trigger, words) in [
            ("schedule: {every: 15m}", "Every 15m"),
            (
                "webhook: {path: deploys/main, verify: {scheme: github, secrets: k}}",
                "POST /hooks/ops/deploys/main (github)",
            ),
            ("webhook: {path: a, verify: none}", "POST /hooks/ops/a (none)"),
            ("file_watch: {directory: /srv/in}", "files in /srv/in created, modified"),
            (
                "file_watch: {directory: /in, include: ['*.csv', 'a/*'], exclude: '*.tmp', recursive: true, changes: deleted}",
                "files in and below /in: *.csv, a/* but *.tmp deleted",
            ),
            ("event: order.paid", "event order.paid"),
            ("after: nightly-load", "after nightly-load completed"),
            (
                "after: {workflow: finance/load, status: [cancelled, failed]}",
                "after finance/load failed or cancelled",
            ),
            ("manual: {}", "by hand"),
            ("manual: {who: [ann, '@ops']}", "by hand, ann, @ops"),
        ] {
            assert_eq!(said(trigger), words);
        }
    }
}
