//! Bombs and giants are refused, and quickly.
//!
//! None of these tests measures time: each input is one that would take minutes
//! or gigabytes if its limit did not hold.

use super::super::limits::{MAX_FILE_BYTES, MAX_LEVELS, MAX_PATTERNS, MAX_STEPS};
use super::super::{ProblemCode, check_bytes};
use super::{checked, file, found, namespace};

fn limit(source: &str) -> String {
    let checked = checked(source);
    let problem = checked.problems.last().unwrap();
    assert_eq!(problem.code, ProblemCode::FileLimit, "{problem:?}");
    problem.message.clone()
}

#[test]
fn large_files() {
    let huge = vec![b'\xff'; 10 << 20];
    let problems = check_bytes(&huge, "f", &namespace()).problems;
    assert_eq!(problems[0].code, ProblemCode::FileLimit);
    let comment = |bytes: usize| {
        let small = file("- {id: a, run: x}");
        format!("{small}#{}", "x".repeat(bytes - small.len() - 1))
    };
    assert_eq!(found(&comment(MAX_FILE_BYTES)), []);
    assert!(limit(&comment(MAX_FILE_BYTES + 1)).contains("1048577 bytes"));
}

#[test]
fn nesting() {
    let nested =
        |open: &str, close: &str, n: usize| format!("a: {}{}", open.repeat(n), close.repeat(n));
    assert!(limit(&nested("[", "]", 100)).contains("deeper than 64"));
    assert!(limit(&nested("{a: ", "}", 100)).contains("deeper than 64"));
    let deep = (0..100).map(|n| format!("{}a:\n", " ".repeat(n))).collect::<String>();
    assert!(limit(&deep).contains("deeper than 64"));
    for many in [nested("[", "]", 100_000), nested("{a: ", "}", 100_000), "- ".repeat(100_000)] {
        assert_eq!(checked(&many).problems.len(), 1);
    }
}

#[test]
fn alias_bombs() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..20 {
        let before = vec![format!("*a{}", n - 1); 10].join(", ");
        laughs += &format!("a{n}: &a{n} [{before}]\n");
    }
    assert!(limit(&laughs).contains("100000 YAML nodes"));
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(500_000), "*a, ".repeat(50_000));
    assert!(limit(&long).contains("bytes of text"));
    let mut anchors = String::new();
    for n in 0..60 {
        anchors += &format!("&a{n} [");
    }
    let nested = format!("k: {anchors}{}{}", "x, ".repeat(50_000), "]".repeat(60));
    assert!(limit(&nested).contains("100000 YAML nodes"));
}

#[test]
fn aliases_cannot_nest_deeper_than_a_file() {
    let source = format!(
        "a: &a {}{}\nb: {}*a{}",
        "[".repeat(40),
        "]".repeat(40),
        "[".repeat(40),
        "]".repeat(40)
    );
    assert!(limit(&source).contains("deeper than 64"));
}

#[test]
fn steps() {
    let steps =
        |n: usize| file(&(0..n).map(|n| format!("- {{id: s{n}, run: x}}\n")).collect::<String>());
    assert_eq!(found(&steps(MAX_STEPS)), []);
    assert_eq!(
        limit(&steps(MAX_STEPS + 1)),
        "more than 2000 steps, those inside of others included"
    );
}

#[test]
fn two_thousand_steps_with_many_edges() {
    let step = |n: usize| {
        let needs: Vec<_> = (n.saturating_sub(30)..n).map(|n| format!("s{n}")).collect();
        format!("- {{id: s{n}, needs: [{}], set: {{v: {n}}}}}\n", needs.join(", "))
    };
    assert_eq!(found(&file(&(0..MAX_STEPS).map(step).collect::<String>())), []);
}

#[test]
fn patterns() {
    let variables = |n: usize| {
        let all: String =
            (0..n).map(|n| format!("v{n}: {{type: string, pattern: 'a|b'}}, ")).collect();
        format!("variables: {{{all}}}\n{}", file("- {id: a, run: x}"))
    };
    assert_eq!(found(&variables(MAX_PATTERNS)), []);
    assert!(limit(&variables(MAX_PATTERNS + 1)).contains("more than 100"));
}

#[test]
fn steps_in_steps() {
    let nested = |levels: usize| {
        let open: String = (0..levels).map(|n| format!("{{id: g{n}, steps: [")).collect();
        file(&format!("- {open}{{id: a, run: x}}{}", "]}".repeat(levels)))
    };
    assert_eq!(found(&nested(MAX_LEVELS)), []);
    assert_eq!(limit(&nested(MAX_LEVELS + 1)), "steps are nested deeper than 8 levels");
    let undone =
        nested(MAX_LEVELS).replace("id: a, run: x", "id: a, run: x, compensate: {id: b, run: x}");
    assert_eq!(limit(&undone), "steps are nested deeper than 8 levels");
    assert_eq!(checked(&nested(12)).problems.len(), 1);
}

#[test]
fn steps_of_all_lists_count() {
    let group = |n: usize| {
        let steps: String = (0..99).map(|s| format!("{{id: s{s}, set: {{v: 1}}}}, ")).collect();
        format!("- {{id: g{n}, steps: [{steps}]}}\n")
    };
    let groups = |n: usize| file(&(0..n).map(group).collect::<String>());
    assert_eq!(found(&groups(MAX_STEPS / 100)), []);
    assert!(limit(&groups(MAX_STEPS / 100 + 5)).contains("more than 2000 steps"));
}

#[test]
fn a_fallback_for_every_step() {
    let step = |n: usize| format!("- {{id: s{n}, run: x, on_error: {{fallback: s{}}}}}\n", n + 1);
    let steps: String = (0..MAX_STEPS - 1).map(step).collect();
    let last = format!("- {{id: s{}, run: x}}\n", MAX_STEPS - 1);
    assert_eq!(found(&file(&format!("{steps}{last}"))), []);
}

#[test]
fn many_problems_are_cut_off() {
    let steps: String = (0..20_000).map(|n| format!("k{n}: x\n")).collect();
    let problems = checked(&steps).problems;
    assert_eq!(problems.len(), 1_000);
    assert!(problems.iter().any(|p| p.message.starts_with("more than 1000 problems")));
    let refs: String = (0..60_000).map(|n| format!("{{{{ vars.x{n} }}}}")).collect();
    assert!(
        checked(&file(&format!("- {{id: a, uses: log, with: {{message: '{refs}'}}}}")))
            .problems
            .len()
            <= 1_000
    );
}

#[test]
fn five_thousand_variables_in_a_chain() {
    let sets: String = (0..5_000).map(|n| format!("a{n}: '{{{{ vars.a{} }}}}', ", n + 1)).collect();
    let source = file(&format!("- {{id: a, set: {{{sets} a5000: '{{{{ secrets.s }}}}'}}}}"));
    // each reads what the same step writes: too early, and one problem each
    assert_eq!(checked(&source).problems.len(), 1_000);
    let source = file(&format!("- {{id: z, set: {{a5000: 1}}}}\n- {{id: a, set: {{{sets}}}}}"));
    assert_eq!(checked(&source).problems.len(), 1_000);
}
