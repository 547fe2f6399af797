//! Where a workflow is written to, and what it is called.

use std::path::{Path, PathBuf};

use rpa_config::examples::Example;
use rpa_engine::Label;
use rpa_ipc::{Fault, FaultCode, fault, said};

/// What a first workflow is called unless somebody says otherwise.
const USUAL: &str = "hello";

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) name: Label,
    pub(super) file: PathBuf,
}

impl Target {
    /// A directory that is there, or that ends with a slash, has the workflow in a file of
    /// its name; anything else is that file, its end `.yaml` given or not. An example keeps
    /// its name.
    pub(super) fn of(given: Option<&str>, example: Option<&Example>) -> Result<Target, Fault> {
        let usual = example.map_or(USUAL, |example| example.name);
        let path = Path::new(given.unwrap_or_default());
        let is_directory = given.is_some_and(|given| given.ends_with('/')) || path.is_dir();
        if given.is_none() || is_directory {
            let file = path.join(format!("{usual}.yaml"));
            return Ok(Target { name: label(usual)?, file });
        }
        let stem = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let stem = stem.strip_suffix(".yaml").or(stem.strip_suffix(".yml")).unwrap_or(stem);
        let named = path.extension().is_some_and(|end| end == "yaml" || end == "yml");
        let file =
            if named { path.to_owned() } else { path.with_file_name(format!("{stem}.yaml")) };
        let name = label(if example.is_some() { usual } else { stem })?;
        Ok(Target { name, file })
    }

    pub(super) fn directory(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new(""))
    }

    /// The file beside it of the same name with another end.
    pub(super) fn beside(&self, end: &str) -> PathBuf {
        let stem = self.file.file_stem().unwrap_or_default().to_string_lossy();
        self.file.with_file_name(format!("{stem}{end}"))
    }
}

fn label(name: &str) -> Result<Label, Fault> {
    name.parse().map_err(|_| {
        fault!(FaultCode::Usage, "init-name", name = name).hint(said!("hint-init-name"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_a_directory_or_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let there = dir.path().display().to_string();
        let site = Example::find("site-check");
        for (given, example, name, file) in [
            (None, None, "hello", "hello.yaml".to_owned()),
            (Some("disk"), None, "disk", "disk.yaml".to_owned()),
            (Some("a/disk.yaml"), None, "disk", "a/disk.yaml".to_owned()),
            (Some("disk.yml"), None, "disk", "disk.yml".to_owned()),
            (Some("jobs/"), None, "hello", "jobs/hello.yaml".to_owned()),
            (Some(there.as_str()), None, "hello", format!("{there}/hello.yaml")),
            (None, site, "site-check", "site-check.yaml".to_owned()),
            (Some("mine"), site, "site-check", "mine.yaml".to_owned()),
        ] {
            let target = Target::of(given, example).unwrap();
            assert_eq!((target.name.as_ref(), target.file), (name, PathBuf::from(file)));
        }
        for bad in ["Big", "a b", "..", "é.yaml"] {
            let bad_target = Target::of(Some(bad), None);
            assert!(bad == ".." || bad_target.is_err(), "{bad}");
        }
        let target = Target::of(Some("a/disk"), None).unwrap();
        assert_eq!(target.beside(".test.yaml"), PathBuf::from("a/disk.test.yaml"));
    }
}
