//! Both forms of a sampling heap profile: script ids in quotes tell the inspector's, where lines start at 0.

use std::collections::HashSet;
use std::io::Read;

use super::super::frame_fields::{Base, FrameFields, FrameKey};
use super::super::json_reader::{JsonReader, Kind};
use super::super::nested::{read_nested, NodeVisitor};
use crate::model::{Allocation, CallFrame, HeapNodeIndex, HeapSample, SamplingHeapProfile};
use crate::Result;

/// A sampling heap profile that was read.
///
/// ```
/// use rs_profiler_core::format::heapprofile::read;
/// let text = br#"{"head":{"callFrame":{"functionName":"(root)"},"selfSize":8,"children":[]}}"#;
/// let profile = read(&text[..])?.profile;
/// assert_eq!(profile.root().map(|root| profile.self_size(root)), Some(8));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReadHeapProfile {
    /// What was recorded. The texts do not say how many objects there were: each node has one allocation of all its
    /// bytes, and each sample counts as one object.
    pub profile: SamplingHeapProfile,
}

/// Reads a sampling heap profile of either form. Nodes without ids get 1, 2, 3... in preorder.
///
/// # Errors
///
/// [`Error::ProfileText`](crate::Error::ProfileText) for what is no such profile or damaged,
/// [`Error::ProfileTruncated`](crate::Error::ProfileTruncated) for a text that ends in the middle,
/// [`Error::Input`](crate::Error::Input) when the source fails.
///
/// ```
/// use rs_profiler_core::format::heapprofile::read;
/// assert!(read(&br#"{"nodes":[]}"#[..]).is_err());
/// ```
pub fn read(source: impl Read) -> Result<ReadHeapProfile> {
    let mut json = JsonReader::new(source)?;
    let mut nodes = Nodes::default();
    let mut samples = Vec::new();
    let mut samples_at = 0;
    json.begin_object("a sampling heap profile")?;
    while let Some(key) = json.next_key(|key| match key {
        "head" => 0,
        "samples" => 1,
        _ => 2,
    })? {
        match key {
            0 if !nodes.done.is_empty() => return Err(json.error("the profile has its nodes twice")),
            0 => {
                json.enter_section("head");
                read_nested(&mut json, &mut nodes)?;
            }
            1 if json.kind()? == Kind::Null => json.literal()?,
            1 => {
                json.enter_section("samples");
                samples_at = json.offset();
                read_samples(&mut json, &mut samples)?;
            }
            _ => json.skip_value()?,
        }
        json.enter_section("the profile");
    }
    json.end()?;
    if nodes.done.is_empty() {
        return Err(json.error("no head was found: this is not a sampling heap profile"));
    }
    let ids = nodes.ids(&json)?;
    let mut builder = SamplingHeapProfile::builder();
    let mut indexes: Vec<HeapNodeIndex> = Vec::with_capacity(nodes.done.len());
    for (node, &id) in nodes.done.iter().zip(&ids) {
        let allocation = Allocation {
            size: node.self_size,
            count: 1,
        };
        let allocations = if node.self_size == 0 { &[][..] } else { &[allocation] };
        let Some(frame) = &node.frame else {
            return Err(json.error_at(node.offset, "a node begins that has no callFrame"));
        };
        let parent = node.parent.and_then(|parent| indexes.get(parent).copied());
        indexes.push(match parent {
            Some(parent) => builder.add_node(parent, id, frame, allocations)?,
            None => builder.add_root(id, frame, allocations)?,
        });
    }
    let known: HashSet<u32> = ids.into_iter().collect();
    for (index, sample) in samples.into_iter().enumerate() {
        if !known.contains(&sample.node_id) {
            json.enter_section("samples");
            let reason = format!(
                "an array begins whose entry {index} names the id {}, which no node has",
                sample.node_id
            );
            return Err(json.error_at(samples_at, reason));
        }
        builder.add_sample(sample);
    }
    Ok(ReadHeapProfile {
        profile: builder.finish(),
    })
}

fn read_samples<R: Read>(json: &mut JsonReader<R>, samples: &mut Vec<HeapSample>) -> Result<()> {
    json.begin_array("an array of samples")?;
    while json.next_element()? {
        json.begin_object("a sample")?;
        let mut sample = HeapSample {
            size: 0,
            count: 1,
            node_id: 0,
            sample_id: 0,
        };
        while let Some(key) = json.next_key(|key| match key {
            "size" => 0,
            "nodeId" => 1,
            "ordinal" => 2,
            _ => 3,
        })? {
            match key {
                0 => sample.size = json.whole("a size")?,
                1 => sample.node_id = json.whole("a node id")?,
                2 => sample.sample_id = json.whole("an ordinal")?,
                _ => json.skip_value()?,
            }
        }
        samples.push(sample);
    }
    Ok(())
}

/// A node whose fields are being read, or were.
struct RawNode {
    parent: Option<usize>,
    id: Option<u32>,
    frame: Option<CallFrame<'static>>,
    self_size: u64,
    offset: u64,
}

/// All nodes in preorder, and those that are open.
#[derive(Default)]
struct Nodes {
    done: Vec<RawNode>,
    open: Vec<usize>,
    fields: FrameFields,
}

impl Nodes {
    /// The ids of all nodes, made up if none has one.
    fn ids<R: Read>(&self, json: &JsonReader<R>) -> Result<Vec<u32>> {
        if self.done.iter().all(|node| node.id.is_none()) {
            return Ok((1..).take(self.done.len()).collect());
        }
        let mut seen = HashSet::new();
        self.done
            .iter()
            .map(|node| match node.id {
                Some(id) if seen.insert(id) => Ok(id),
                Some(id) => Err(json.error_at(node.offset, format!("the second node with the id {id} begins"))),
                None => Err(json.error_at(node.offset, "a node begins that has no id, while others have one")),
            })
            .collect()
    }
}

#[derive(Clone, Copy)]
enum NodeKey {
    Id,
    SelfSize,
    CallFrame,
    Other,
}

impl NodeVisitor for Nodes {
    type Key = NodeKey;

    fn classify(key: &str) -> NodeKey {
        match key {
            "id" => NodeKey::Id,
            "selfSize" => NodeKey::SelfSize,
            "callFrame" => NodeKey::CallFrame,
            _ => NodeKey::Other,
        }
    }

    fn open(&mut self, offset: u64) -> Result<()> {
        let parent = self.open.last().copied();
        self.open.push(self.done.len());
        self.done.push(RawNode {
            parent,
            id: None,
            frame: None,
            self_size: 0,
            offset,
        });
        Ok(())
    }

    fn field<R: Read>(&mut self, key: NodeKey, json: &mut JsonReader<R>) -> Result<()> {
        let Some(node) = self.open.last().and_then(|&node| self.done.get_mut(node)) else {
            return json.skip_value();
        };
        match key {
            NodeKey::Id => node.id = Some(json.whole("a node id")?),
            NodeKey::SelfSize => {
                let size: i64 = json.whole("a size in bytes")?;
                node.self_size = u64::try_from(size)
                    .map_err(|_| json.error("a size in bytes was expected, not a negative number"))?;
            }
            NodeKey::CallFrame => {
                self.fields.clear();
                json.begin_object("a call frame")?;
                while let Some(key) = json.next_key(FrameKey::of)? {
                    match key {
                        Some(key) => self.fields.read(key, json)?,
                        None => json.skip_value()?,
                    }
                }
                let base = match self.fields.has_text_script_id {
                    true => Base::Zero,
                    false => Base::One,
                };
                node.frame = Some(self.fields.frame(base).into_owned());
            }
            NodeKey::Other => json.skip_value()?,
        }
        Ok(())
    }

    fn close<R: Read>(&mut self, _json: &JsonReader<R>) -> Result<()> {
        self.open.pop();
        Ok(())
    }
}
