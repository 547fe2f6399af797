//! What is written is read again, and nothing else is taken.

use super::*;

const SOURCE: &str = "version: 1\nname: a\n";

fn good() -> Manifest {
    let items = [Item::of("default", "a", 3, SOURCE), Item::of("ops", "a", 1, "x")];
    Manifest::new("2026-11-20T01:00:00.000Z".into(), "b9c1".into(), items.into_iter())
}

/// An entry as a hostile hand may write it.
struct Raw {
    kind: tar::EntryType,
    path: Vec<u8>,
    content: Vec<u8>,
    size: u64,
}

fn raw(path: &str, content: &[u8]) -> Raw {
    let (path, content) = (path.as_bytes().to_vec(), content.to_vec());
    Raw { kind: tar::EntryType::Regular, path, size: content.len() as u64, content }
}

fn tar_of(entries: &[Raw]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..entry.path.len()].copy_from_slice(&entry.path);
        header.set_size(entry.size);
        header.set_entry_type(entry.kind);
        header.set_mode(0o644);
        if entry.kind.is_symlink() {
            header.as_old_mut().linkname[..11].copy_from_slice(b"/etc/passwd");
        }
        header.set_cksum();
        bytes.extend(header.as_bytes());
        bytes.extend(&entry.content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

fn manifest_of(manifest: &Manifest) -> Raw {
    raw(MANIFEST, &serde_json::to_vec(manifest).unwrap())
}

fn of_one(item: Item) -> Manifest {
    Manifest { files: vec![item], ..good() }
}

/// A good manifest of one file, then these entries.
fn after_manifest(entries: Vec<Raw>) -> Vec<u8> {
    let manifest = of_one(Item::of("default", "a", 3, SOURCE));
    let mut all = vec![manifest_of(&manifest)];
    all.extend(entries);
    tar_of(&all)
}

const PLACE: &str = "workflows/default/a.yaml";

#[test]
fn what_is_written_is_read() {
    let bytes = write(&good(), [SOURCE, "x"].into_iter()).unwrap();
    let files = read(&bytes).unwrap();
    let [first, second] = &files[..] else { panic!("{files:?}") };
    assert_eq!((first.file.as_str(), first.source.as_str()), (PLACE, SOURCE));
    assert_eq!((second.namespace.as_str(), second.name.as_str()), ("ops", "a"));
    let long = "n".repeat(64);
    let manifest = of_one(Item::of(&long, &long, 1, SOURCE));
    let bytes = write(&manifest, [SOURCE].into_iter()).unwrap();
    assert_eq!(read(&bytes).unwrap()[0].name.as_str(), long, "a path longer than a header holds");
}

#[test]
fn what_is_no_bundle_is_refused_by_name() {
    let hostile = |path: &str| after_manifest(vec![raw(path, SOURCE.as_bytes())]);
    let kind = |kind| Raw { kind, size: 0, content: Vec::new(), ..raw(PLACE, b"") };
    let mut cases: Vec<(&str, Vec<u8>)> = vec![
        ("bundle-no-manifest", Vec::new()),
        ("bundle-no-tar", b"not a tar file, but longer than one block of one ".repeat(20)),
        ("bundle-compressed", b"\x1f\x8b\x08\0 and what a zip holds ".repeat(30)),
        ("bundle-compressed", b"\x28\xb5\x2f\xfd and what a frame holds ".repeat(30)),
        ("bundle-no-manifest", tar_of(&[raw(PLACE, SOURCE.as_bytes())])),
        ("bundle-manifest", tar_of(&[raw(MANIFEST, b"{")])),
        ("bundle-format", tar_of(&[raw(MANIFEST, b"{\"format\": 2, \"new\": 1}")])),
        ("bundle-manifest", tar_of(&[raw(MANIFEST, b"{\"format\": 1, \"new\": 1}")])),
        ("bundle-place", hostile("../../etc/cron.d/x")),
        ("bundle-place", hostile("/etc/passwd")),
        ("bundle-place", hostile("workflows/default/../default/a.yaml")),
        ("bundle-place", hostile("workflows/default/b.yaml")),
        ("bundle-missing", after_manifest(Vec::new())),
        ("bundle-hash", after_manifest(vec![raw(PLACE, b"other")])),
        (
            "bundle-path-twice",
            after_manifest(vec![raw(PLACE, SOURCE.as_bytes()), raw(PLACE, SOURCE.as_bytes())]),
        ),
        ("bundle-file-size", after_manifest(vec![raw(PLACE, &vec![b'x'; MAX_FILE_BYTES + 1])])),
        // it says that it is larger than the whole file
        ("bundle-no-tar", after_manifest(vec![Raw { size: 1 << 40, ..raw(PLACE, b"x") }])),
    ];
    use tar::EntryType;
    for other in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Char,
        EntryType::Block,
        EntryType::Fifo,
        EntryType::Continuous,
        EntryType::GNUSparse,
    ] {
        cases.push(("bundle-kind", after_manifest(vec![kind(other)])));
    }
    for (wanted, bytes) in cases {
        let error = read(&bytes).expect_err(wanted);
        let found = error.said().id;
        // a tar reader may see through some of them first
        let either = wanted == "bundle-kind" && found == "bundle-no-tar";
        assert!(found == wanted || either, "{wanted}: {error:?}");
    }
}

#[test]
fn a_manifest_cannot_lie_about_places() {
    let item = Item::of("default", "a", 3, SOURCE);
    let elsewhere = Item { path: "../a.yaml".into(), ..item.clone() };
    let up = Item { namespace: "..".into(), path: "workflows/../a.yaml".into(), ..item.clone() };
    let twice = Manifest { files: vec![item.clone(), item], ..good() };
    let upwards = vec![manifest_of(&of_one(up)), raw("workflows/../a.yaml", SOURCE.as_bytes())];
    let cases = [
        ("bundle-place", tar_of(&[manifest_of(&of_one(elsewhere))])),
        ("bundle-place", tar_of(&upwards)),
        ("bundle-path-twice", tar_of(&[manifest_of(&twice)])),
    ];
    for (wanted, bytes) in cases {
        assert_eq!(read(&bytes).expect_err(wanted).said().id, wanted);
    }
}

#[test]
fn there_are_limits() {
    let items = (0..=MAX_BUNDLE_FILES).map(|i| Item::of("default", &format!("w{i}"), 1, ""));
    let many = Manifest { files: items.collect(), ..good() };
    let error = read(&tar_of(&[manifest_of(&many)])).unwrap_err();
    assert_eq!(error.said().id, "bundle-entries");
    let large = "x".repeat(MAX_FILE_BYTES);
    let items: Vec<Item> =
        (0..7).map(|i| Item::of("default", &format!("w{i}"), 1, &large)).collect();
    let mut entries = vec![manifest_of(&Manifest { files: items.clone(), ..good() })];
    entries.extend(items.iter().map(|item| raw(&item.path, large.as_bytes())));
    assert_eq!(read(&tar_of(&entries)).unwrap_err().said().id, "bundle-size");
}
