//! Puts nodes together and counts what they cost.

use std::collections::HashMap;

use super::limits::{MAX_DEPTH, MAX_EXPANDED_BYTES, MAX_NODES};
use super::node::{Data, Entry, Node};
use super::problem::{Pos, ProblemCode, Problems};
use super::tree::Stop;

/// The open lists and maps, innermost last.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    bytes: usize,
}

#[derive(Debug)]
struct Open {
    at: Pos,
    anchor: usize,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, lines: HashMap<String, u32>, key: Key },
}

/// What the next node of a map is.
#[derive(Debug)]
enum Key {
    /// It is a key.
    Wanted,
    /// It is the value of this key.
    Read(String, Pos),
    /// It is the value of a key that was refused.
    Refused,
}

impl Builder {
    pub(crate) fn take_root(&mut self) -> Option<Node> {
        self.root.take().filter(|root| !root.is_null())
    }

    pub(crate) fn open_list(
        &mut self,
        at: Pos,
        anchor: usize,
        problems: &mut Problems,
    ) -> Result<(), Stop> {
        self.open(Open { at, anchor, shape: Shape::List(Vec::new()) }, problems)
    }

    pub(crate) fn open_map(
        &mut self,
        at: Pos,
        anchor: usize,
        problems: &mut Problems,
    ) -> Result<(), Stop> {
        let shape = Shape::Map { entries: Vec::new(), lines: HashMap::new(), key: Key::Wanted };
        self.open(Open { at, anchor, shape }, problems)
    }

    fn open(&mut self, open: Open, problems: &mut Problems) -> Result<(), Stop> {
        let at = open.at;
        self.open.push(open);
        self.check_depth(self.open.len(), at, problems)
    }

    /// Ends the innermost list or map; gives it and its anchor.
    pub(crate) fn close(&mut self) -> Option<(Node, usize)> {
        let Open { at, anchor, shape } = self.open.pop()?;
        let data = match shape {
            Shape::List(items) => Data::List(items),
            Shape::Map { entries, .. } => Data::Map(entries),
        };
        Some((Node { at, range: 0..0, data }, anchor))
    }

    /// Counts a copy of `node` that an anchor keeps or an alias makes.
    pub(crate) fn charge(&mut self, node: &Node, problems: &mut Problems) -> Result<(), Stop> {
        let size = measure(node);
        self.check_depth(self.open.len() + size.height, node.at, problems)?;
        self.spend(size.nodes, size.bytes, node.at, problems)
    }

    /// Adds a complete node where one is expected.
    pub(crate) fn attach(&mut self, node: Node, problems: &mut Problems) -> Result<(), Stop> {
        let bytes = node.scalar().map_or(0, |s| s.text.len());
        self.spend(1, bytes, node.at, problems)?;
        let Some(Open { shape, .. }) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match shape {
            Shape::List(items) => items.push(node),
            Shape::Map { entries, lines, key } => match std::mem::replace(key, Key::Wanted) {
                Key::Wanted => *key = read_key(node, lines, problems),
                Key::Read(key, key_at) => entries.push(Entry { key, key_at, node }),
                Key::Refused => {}
            },
        }
        Ok(())
    }

    fn spend(
        &mut self,
        nodes: usize,
        bytes: usize,
        at: Pos,
        problems: &mut Problems,
    ) -> Result<(), Stop> {
        self.nodes += nodes;
        self.bytes += bytes;
        let what = if self.nodes > MAX_NODES {
            format!("the file has more than {MAX_NODES} YAML nodes")
        } else if self.bytes > MAX_EXPANDED_BYTES {
            format!("the file has more than {MAX_EXPANDED_BYTES} bytes of text")
        } else {
            return Ok(());
        };
        let message = format!("{what}, aliases expanded");
        problems.error(
            ProblemCode::FileLimit,
            at,
            message,
            "split the workflow or use fewer aliases",
        );
        Err(Stop)
    }

    fn check_depth(&self, depth: usize, at: Pos, problems: &mut Problems) -> Result<(), Stop> {
        if depth <= MAX_DEPTH {
            return Ok(());
        }
        let message = format!("lists and maps are nested deeper than {MAX_DEPTH} levels");
        problems.error(ProblemCode::FileLimit, at, message, "flatten the structure");
        Err(Stop)
    }
}

/// Checks a key, and that `lines`, the keys before it, do not have it.
fn read_key(node: Node, lines: &mut HashMap<String, u32>, problems: &mut Problems) -> Key {
    let at = node.at;
    let Data::Scalar(scalar) = node.data else {
        // `x: {{ vars.y }}` is a map whose key is a map
        problems.error(
            ProblemCode::Yaml,
            at,
            "a list or map stands as a key",
            "put an expression in quotes: \"{{ … }}\"",
        );
        return Key::Refused;
    };
    let key = scalar.text;
    if key == "<<" {
        problems.error(
            ProblemCode::NotSupported,
            at,
            "the merge key << is not part of YAML 1.2",
            "write the keys out",
        );
        return Key::Refused;
    }
    if let Some(first) = lines.get(&key) {
        problems.error(
            ProblemCode::Duplicate,
            at,
            format!("the key {key:?} appears twice; it is first on line {first}"),
            "keep one of the two",
        );
        return Key::Refused;
    }
    lines.insert(key.clone(), at.line);
    Key::Read(key, at)
}

struct Size {
    nodes: usize,
    bytes: usize,
    height: usize,
}

/// Recursion is bounded: no tree is deeper than [`MAX_DEPTH`].
fn measure(node: &Node) -> Size {
    let join = |whole: Size, part: &Node, key: usize| {
        let part = measure(part);
        Size {
            nodes: whole.nodes + part.nodes,
            bytes: whole.bytes + part.bytes + key,
            height: whole.height.max(part.height + 1),
        }
    };
    let empty = Size { nodes: 1, bytes: 0, height: 1 };
    match &node.data {
        Data::Scalar(scalar) => Size { nodes: 1, bytes: scalar.text.len(), height: 0 },
        Data::List(items) => items.iter().fold(empty, |size, item| join(size, item, 0)),
        Data::Map(entries) => {
            entries.iter().fold(empty, |size, e| join(size, &e.node, e.key.len()))
        }
    }
}
