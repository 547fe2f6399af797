//! Backups, written and then spoiled.

use std::path::PathBuf;

use super::*;

fn head() -> Head {
    Head {
        format: FORMAT,
        store_format: 1,
        version: "0.1.0".into(),
        instance: "i".into(),
        taken_ms: 1_795_137_004_000,
        runs: 2,
        open_runs: 1,
        history: false,
    }
}

fn row(key: &[u8], value: &[u8]) -> Vec<u8> {
    let part = |bytes: &[u8]| {
        let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        [&length, bytes].concat()
    };
    [part(key), part(value)].concat()
}

/// The bytes of a good backup.
fn good() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes, &head()).unwrap();
    let rows = [row(b"a", b"1"), row(b"b", b"")].concat();
    writer.piece("meta", 0, 2, &rows).unwrap();
    writer.piece("runs", 0, 1, &row(b"k", &[7; 200])).unwrap();
    let log = b"a line\nanother\n";
    writer.file("runs/2026-11-21/0193/log", 7, log.as_slice()).unwrap();
    writer.finish().unwrap();
    bytes
}

fn checked(bytes: &[u8]) -> Result<Checked, BadBackup> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.tar");
    std::fs::write(&path, bytes).unwrap();
    check(&path)
}

#[test]
fn what_was_written_is_found_to_be_good() {
    let found = checked(&good()).unwrap();
    assert_eq!(found.head, head());
    let paths: Vec<&str> = found.manifest.members.iter().map(|m| m.path.as_str()).collect();
    let wanted =
        ["backup.json", "store/meta/000000", "store/runs/000000", "runs/2026-11-21/0193/log"];
    assert_eq!(paths, wanted);
    assert_eq!(found.manifest.tables, BTreeMap::from([("meta".into(), 2), ("runs".into(), 1)]));
    assert_eq!(found.manifest.members[3].bytes, 7, "a file that has grown gives its first bytes");
}

#[test]
fn a_file_that_became_shorter_is_no_backup() {
    let mut writer = Writer::new(Vec::new(), &head()).unwrap();
    let error = writer.file("runs/a/b/log", 8, b"short".as_slice()).unwrap_err();
    assert!(error.to_string().contains("runs/a/b/log"), "{error}");
}

/// Where the content of a member begins.
fn content(bytes: &[u8], path: &str) -> usize {
    let name = bytes.windows(path.len()).position(|w| w == path.as_bytes()).unwrap();
    assert_eq!(name % 512, 0, "the first is the name in the header");
    name + 512
}

#[test]
fn a_member_that_is_not_as_it_was_is_named() {
    for path in ["store/meta/000000", "store/runs/000000", "runs/2026-11-21/0193/log"] {
        let mut bytes = good();
        let at = content(&bytes, path);
        bytes[at + 5] ^= 1;
        match checked(&bytes).unwrap_err() {
            BadBackup::Content(named) => assert_eq!(named, path),
            other => panic!("{path}: {other}"),
        }
    }
}

#[test]
fn no_flipped_bit_goes_unnoticed_and_changes_anything() {
    let bytes = good();
    let wanted = checked(&bytes).unwrap();
    let contents = |bytes: &[u8]| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.tar");
        std::fs::write(&path, bytes).unwrap();
        let mut all = Vec::new();
        members(&path, |name, size, content| -> io::Result<()> {
            let mut text = Vec::new();
            content.read_to_end(&mut text)?;
            all.push((name.to_owned(), size, blake3::hash(&text)));
            Ok(())
        })
        .unwrap();
        all
    };
    let all = contents(&bytes);
    let (mut noticed, mut harmless) = (0, 0);
    // of every third byte one bit
    for at in (0..bytes.len()).step_by(3) {
        let mut bad = bytes.clone();
        bad[at] ^= 1 << (at % 8);
        match checked(&bad) {
            Err(_) => noticed += 1,
            Ok(found) => {
                harmless += 1;
                assert_eq!(found, wanted, "byte {at}");
                assert!(contents(&bad) == all, "byte {at}");
            }
        }
    }
    assert!(noticed > 1000, "{noticed} noticed, {harmless} harmless");
}

#[test]
fn a_file_that_was_cut_short_is_no_backup() {
    let bytes = good();
    for end in (0..bytes.len() - 1024).step_by(100) {
        let error = checked(&bytes[..end]).unwrap_err();
        assert!(
            matches!(error, BadBackup::Torn(_) | BadBackup::Foreign | BadBackup::Content(_)),
            "{end}: {error}"
        );
    }
    match checked(&bytes[..content(&bytes, "store/runs/000000") + 100]).unwrap_err() {
        BadBackup::Torn(after) => assert_eq!(after, "store/runs/000000"),
        other => panic!("{other}"),
    }
}

#[test]
fn other_files_and_formats_are_refused() {
    assert!(matches!(checked(b"").unwrap_err(), BadBackup::Foreign));
    assert!(matches!(checked(&[b'x'; 4096]).unwrap_err(), BadBackup::Foreign));
    let mut bytes = Vec::new();
    Writer::new(&mut bytes, &Head { format: 2, ..head() }).unwrap().finish().unwrap();
    assert!(matches!(checked(&bytes).unwrap_err(), BadBackup::Format(2)));
    let nowhere = check(&PathBuf::from("/nowhere/at/all")).unwrap_err();
    assert!(matches!(nowhere, BadBackup::Io(_)));
}

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    for path in ["../x", "runs/../../x", "runs/a b/log"] {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes, &head()).unwrap();
        // the library refuses to write what leads upwards
        let written = writer.bytes(path, b"x");
        if written.is_ok() {
            writer.finish().unwrap();
            assert!(matches!(checked(&bytes).unwrap_err(), BadBackup::Place(_)), "{path}");
        }
    }
}

#[test]
fn a_draft_has_its_name_only_when_it_is_kept() {
    use std::io::Write;
    use std::os::unix::fs::MetadataExt;
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("a.tar");
    let names = || std::fs::read_dir(dir.path()).unwrap().count();
    drop(Draft::create(&target).unwrap());
    assert_eq!(names(), 0, "what is not kept leaves nothing");
    let mut draft = Draft::create(&target).unwrap();
    draft.write_all(b"one").unwrap();
    draft.keep(false).unwrap();
    assert_eq!(std::fs::metadata(&target).unwrap().mode() & 0o777, 0o600);
    let error = Draft::create(&target).unwrap().keep(false).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(std::fs::read(&target).unwrap(), b"one");
    Draft::create(&target).unwrap().keep(true).unwrap();
    assert_eq!((std::fs::read(&target).unwrap().len(), names()), (0, 1));
}
