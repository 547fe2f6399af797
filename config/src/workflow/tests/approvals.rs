//! `approval`: what people are asked, who may answer, and what the step gives.

use rpa_engine::workflow::Approval;
use rpa_engine::{Action, EffectClass, OnTimeout, Retry, Template, Value, VariableKind};

use super::{EVERY_FEATURE, codes, file, found, report, step, workflow};

fn approval(source: &str, id: &str) -> Approval {
    match step(source, id).action {
        Action::Approval(approval) => *approval,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_message_alone_asks_one_person() {
    let sure = approval(EVERY_FEATURE, "sure");
    let expected = Approval {
        message: Template::Literal(Value::from("Really?")),
        show: [].into(),
        form: [].into(),
        approvers: Vec::new(),
        quorum: 1,
        self_approval: true,
        timeout_ms: None,
        on_timeout: OnTimeout::Fail,
    };
    assert_eq!(sure, expected);
    let step = step(EVERY_FEATURE, "sure");
    assert_eq!((step.effect, step.timeout_ms, step.retry), (EffectClass::Pure, None, Retry::NONE));
}

#[test]
fn every_part_is_read() {
    let allowed = approval(EVERY_FEATURE, "allowed");
    assert!(matches!(allowed.message, Template::Text(_)));
    assert_eq!(allowed.show["limit"], Template::Literal(Value::Int(80)));
    assert!(matches!(allowed.show["mounts"], Template::Expr(_)));
    let field = |name: &str| &allowed.form[&name.parse().unwrap()];
    assert!(field("reason").required && !field("keep").required);
    assert_eq!((field("reason").max, field("keep").kind), (Some(200.0), VariableKind::Number));
    assert_eq!(allowed.approvers[1], Template::Literal(Value::from("@ops")));
    assert!(matches!(allowed.approvers[2], Template::Expr(_)));
    assert!(matches!(allowed.approvers[3], Template::Text(_)));
    assert_eq!((allowed.quorum, allowed.self_approval), (2, false));
    assert_eq!((allowed.timeout_ms, allowed.on_timeout), (Some(14_400_000), OnTimeout::Reject));
    assert_eq!(step(EVERY_FEATURE, "allowed").outputs.len(), 2);
}

#[test]
fn approvers_may_be_one_text() {
    for (text, count) in [("alice", 1), ("'@ops'", 1), ("\"{{ vars.who }}\"", 1), ("[a, b]", 2)] {
        let source = file(&format!("- {{id: a, approval: {{message: x, approvers: {text}}}}}"))
            + "variables: {who: {type: list}}\n";
        assert_eq!(approval(&source, "a").approvers.len(), count, "{text}");
    }
    let names = r#"["EXAMPLE\\ann", "ann@example.org", "b-2.c_d$", "@domain users"]"#;
    let source = file(&format!("- {{id: a, approval: {{message: x, approvers: {names}}}}}"));
    assert_eq!(found(&source), [(4, "RPA0306")], "only the one with a blank in it");
}

#[test]
fn on_timeout_has_words_of_its_own() {
    for (word, meant) in
        [("fail", OnTimeout::Fail), ("approve", OnTimeout::Continue), ("reject", OnTimeout::Reject)]
    {
        let ask = format!("- {{id: a, approval: {{message: x, timeout: 1h, on_timeout: {word}}}}}");
        assert_eq!(approval(&file(&ask), "a").on_timeout, meant);
    }
}

#[test]
fn approvals_stand_anywhere() {
    let source = file(
        "- {id: a, run: x, on_error: {fallback: b}, compensate: {id: u, approval: Undo it?}}\n\
         - {id: b, approval: Is it right all the same?}\n\
         - {id: g, for_each: [1], steps: [{id: c, approval: 'Item {{ item }}?', lock: people}]}\n",
    ) + "handlers: {failure: [{id: f, approval: 'Seen: {{ run.error.message }}'}]}\n";
    assert_eq!(workflow(&source).handlers.failure.len(), 1);
}

#[test]
fn what_is_wrong_is_said() {
    let source = file(
        "- {id: a, approval: }\n\
         - {id: b, approval: [x]}\n\
         - {id: c, approval: ' '}\n\
         - {id: d, approval: {show: [x], form: 5, approvers: [], quorum: 0, self_approval: maybe}}\n\
         - {id: e, approval: {message: 5, timeout: 4, on_timeout: continue}}\n\
         - {id: f, approval: {message: x, on_timeout: reject}}\n\
         - {id: g, approval: {message: x, approvers: [ann, ann, 'bob, eve', '@', 7], quorum: 2}}\n\
         - {id: h, approval: {message: x, approvers: [ann, bob], quorum: 3}}\n\
         - {id: i, approval: {message: x, approvers: ann, quorum: 2}}\n\
         - {id: j, approval: {message: x, titel: y, show: {Big-One: 1}}}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:19 RPA0305 `approval` is a message or a map; here is nothing
        write for example {message: "Delete all?"}
    5:21 RPA0305 `approval` is a message or a map; here is a list
        write for example {message: "Delete all?"}
    6:21 RPA0305 `approval` is empty
        write something or take it out
    7:21 RPA0316 the required key `message` is missing
        write for example {message: "Delete all?"}
    7:28 RPA0305 `show` is a map; here is a list
        write names and expressions
    7:39 RPA0305 `form` is a map; here is a number
        write for example `limit: {type: number, default: 80}`
    7:53 RPA0305 `approvers` is empty
        name somebody, or take it out: then everybody who may use rpad can approve
    7:65 RPA0305 `quorum` is a whole number from 1 to 100
        write digits alone; no expression is evaluated here
    7:83 RPA0305 `self_approval` is a boolean; here is a string
        write true or false
    8:31 RPA0305 `message` is a string; here is a number
        write it in quotes: "5"
    8:43 RPA0305 `timeout`: the duration "4" has no unit
        say the unit: 4s, 4m, 4h or 4ms
    8:58 RPA0305 `on_timeout` cannot be "continue"
        allowed: fail, approve, reject
    9:34 RPA0316 `on_timeout` means nothing without `timeout`
        add `timeout`, or take `on_timeout` out
    10:51 RPA0307 the approver "ann" is named twice
        keep one of the two
    10:56 RPA0306 "bob, eve" is no name of a user or a group
        write for example [alice, "@ops"], a group with @ before it
    10:68 RPA0306 "@" is no name of a user or a group
        write for example [alice, "@ops"], a group with @ before it
    10:73 RPA0305 an approver is a string; here is a number
        write it in quotes: "7"
    11:65 RPA0305 `quorum` is 3, and `approvers` names only 2
        lower it, or name more approvers or a group
    12:58 RPA0305 `quorum` is 2, and `approvers` names only 1
        lower it, or name more approvers or a group
    13:34 RPA0303 unknown key "titel" in `approval`
        allowed: message, show, form, approvers, quorum, self_approval, timeout, on_timeout
    13:51 RPA0306 the shown value "Big-One" must match [a-z_][a-z0-9_]*
        use small letters, digits and _, for example disk_2
    "#);
}

#[test]
fn a_quorum_that_a_group_or_an_expression_may_fill_is_fine() {
    for approvers in ["[ann, '@ops']", "[ann, \"{{ vars.more }}\"]", "[ann, bob, eve]"] {
        let source = file(&format!(
            "- {{id: a, approval: {{message: x, approvers: {approvers}, quorum: 3}}}}"
        )) + "variables: {more: {type: list}}\n";
        assert_eq!(found(&source), [], "{approvers}");
    }
    assert_eq!(codes("- {id: a, approval: {message: x, quorum: 100}}"), [""; 0]);
}

#[test]
fn forms_are_declared_as_variables_are() {
    let source = file(
        "- id: a\n  approval:\n    message: x\n    form:\n      \
           pin: {type: secret}\n      \
           why: {type: text}\n      \
           when: {default: now}\n      \
           much: {type: number, required: true, default: 5}\n      \
           size: {type: string, enum: [a, 1], patern: x}\n      \
           Big: {type: boolean, max: 3}\n      \
           plain: string\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    8:19 RPA0305 a form field cannot be a secret
        what people enter is stored and shown: ask for the name of a secret, as a string
    9:19 RPA0305 a form field's `type` cannot be "text"
        did you mean "string"? allowed: string, number, boolean, json, list
    10:13 RPA0316 the required key `type` is missing
        say one of: string, number, boolean, json, list
    11:38 RPA0305 `required: true` contradicts `default`
        a default makes it optional: keep one of the two
    12:38 RPA0305 the value 1 is a number, not a string
        take it out, or correct it
    12:42 RPA0303 unknown key "patern" in a form field
        did you mean "pattern"? allowed: type, required, default, description, sensitive, enum, pattern, min, max
    13:7 RPA0306 the form field "Big" must match [a-z_][a-z0-9_]*
        use small letters, digits and _, for example disk_2
    13:28 RPA0305 `max` has no meaning for a boolean
        take it out: it is for a number, a string or a list
    14:14 RPA0305 a form field is a map; here is a string
        write for example `limit: {type: number, default: 80}`
    "#);
}

#[test]
fn what_it_gives_is_known_by_name() {
    let source = file(
        "- {id: ok, approval: {message: x, form: {reason: {type: string}}}, \
           outputs: {all: '{{ output.descision }}', why: '{{ fields.reson }}', mine: '{{ by }}', \
                     more: '{{ output.fields.nope }}'}}\n\
         - {id: plain, approval: y}\n\
         - {id: b, set: {a: '{{ steps.ok.output.decided }}', b: '{{ steps.ok.output.fields.reasn }}', \
                         c: \"{{ steps['ok'].output['commment'] }}\", d: '{{ steps.plain.output.fields.x }}'}}\n\
         - {id: c, set: {e: '{{ steps.ok.output.mine }}', f: '{{ steps.ok.output.fields.reason }}', \
                         g: '{{ steps.ok.status }}{{ steps.ok.output }}', h: '{{ steps.ok.output.by[0] }}'}}\n",
    );
    insta::assert_snapshot!(report(&source), @r#"
    4:87 RPA0313 step `ok` gives no "descision"
        did you mean "decision"? it gives: decision, by, comment, fields, at
    4:118 RPA0313 the form of step `ok` has no field "reson"
        did you mean "reason"? fields: reason
    4:164 RPA0313 the form of step `ok` has no field "nope"
        fields: reason
    6:24 RPA0313 step `ok` gives no "decided"
        it gives: decision, by, comment, fields, at, all, mine, more, why
    6:60 RPA0313 the form of step `ok` has no field "reasn"
        did you mean "reason"? fields: reason
    6:97 RPA0313 step `ok` gives no "commment"
        did you mean "comment"? it gives: decision, by, comment, fields, at, all, mine, more, why
    6:144 RPA0313 the form of step `plain` has no field "x"
        give plain a `form`
    "#);
    let fallback = file(
        "- {id: ok, approval: x, on_error: {fallback: other}}\n- {id: other, run: x}\n\
         - {id: c, run: x, if: steps.ok.output.stdout == ''}\n",
    );
    assert_eq!(found(&fallback), [], "the fallback gives what it likes");
}

#[test]
fn keys_that_stand_elsewhere_say_where() {
    let source = file(
        "- {id: a, approval: x, timeout: 1h}\n- {id: b, approval: x, retry: conservative}\n\
         - {id: c, approval: x, effect: pure, env: {A: b}, compensate: {id: u, run: x}}\n\
         - {id: d, approval: x, run: y}\n- {id: e, for_each: [1], approval: x}\n",
    );
    insta::assert_snapshot!(report(&source), @"
    4:24 RPA0308 `timeout` has no meaning on an `approval` step
        write it inside: `approval: {message: …, timeout: 4h, on_timeout: reject}`
    5:24 RPA0308 `retry` has no meaning on an `approval` step
        take it out
    6:24 RPA0308 `effect` has no meaning on an `approval` step
        take it out
    6:38 RPA0308 `env` has no meaning on an `approval` step
        take it out
    6:51 RPA0308 `compensate` has no meaning on an `approval` step
        take it out
    7:24 RPA0308 the step has `run` and `approval`; it can have only one
        make a step of each
    8:26 RPA0308 `for_each` repeats `steps`, not `approval`
        write it as a step inside: `steps: [{id: …, approval: …}]`
    ");
}

#[test]
fn no_secret_is_shown_to_people() {
    let source = file(
        "- {id: s, set: {derived: '{{ secrets.api }}!'}}\n\
         - {id: a, approval: 'Use {{ secrets.api }}?'}\n\
         - {id: b, approval: {message: x, show: {t: '{{ vars.token }}'}, approvers: '{{ vars.derived }}'}}\n",
    ) + "variables: {token: {type: secret, default: t}}\n";
    insta::assert_snapshot!(report(&source), @"
    5:29 RPA0320 `secrets.api` is secret and cannot be used in what an approval shows
        it would be stored and shown to people: write what may be seen
    6:48 RPA0320 `vars.token` is secret and cannot be used in what an approval shows
        it would be stored and shown to people: write what may be seen
    6:80 RPA0320 `vars.derived` is secret and cannot be used in `approvers`
        it would be stored and shown to people: write what may be seen
    ");
}
