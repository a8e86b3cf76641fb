//! Equal strings that are on the heap more than once.

use std::collections::HashMap;

use super::classes::is_counted;
use super::duplicates::{shown, DuplicatedString};
use super::ropes::{hash, RopeIndex, Ropes};
use super::stop::AnalysisOptions;
use super::HeapAnalysis;
use crate::model::heap::{HeapGraph, NodeIndex, NodeKind};
use crate::Result;

impl HeapAnalysis {
    /// What [`Asking::duplicated_strings`](super::Asking::duplicated_strings) answers.
    pub(super) fn find_duplicated_strings(&self, options: &AnalysisOptions<'_>) -> Result<Vec<DuplicatedString>> {
        if let Some(found) = self.later.duplicates.get() {
            return found.rows(&self.graph, options);
        }
        let graph = &self.graph;
        let mut concatenated = Concatenated::find(graph, options);
        let counts = self.flat_counts();
        options.check()?;
        let mut by_text: HashMap<&[u8], Vec<NodeIndex>> = HashMap::new();
        for node in options.wanted(graph.nodes()).filter(|&node| is_counted(graph, node)) {
            if graph.kind(node) != NodeKind::STRING {
                continue;
            }
            let name = graph.name_index(node);
            let text = graph.strings().bytes(name);
            let repeated = counts.get(name.0 as usize).is_some_and(|&count| count > 1);
            if repeated {
                by_text.entry(text).or_default().push(node);
            } else if let Some(group) = concatenated.group_of(text) {
                group.nodes.push(node);
            }
        }
        options.check()?;
        let mut rows = Vec::new();
        for group in options.wanted(concatenated.groups.into_iter()) {
            let text = concatenated.ropes.text(group.rope);
            match by_text.get_mut(&*text) {
                Some(nodes) => nodes.extend(group.nodes),
                None if group.nodes.len() > 1 => rows.push(self.duplicate(&text, group.nodes)),
                None => {}
            }
        }
        rows.extend(
            options
                .wanted(by_text.into_iter())
                .map(|(text, nodes)| self.duplicate(text, nodes)),
        );
        options.check()?;
        rows.sort_by(|a, b| b.shallow_size.cmp(&a.shallow_size).then_with(|| a.text.cmp(&b.text)));
        Ok(rows)
    }

    fn duplicate(&self, text: &[u8], mut nodes: Vec<NodeIndex>) -> DuplicatedString {
        nodes.sort_unstable();
        DuplicatedString {
            text: shown(text),
            shallow_size: nodes.iter().map(|&node| self.graph.self_size(node)).sum(),
            retained_size: nodes.iter().map(|&node| self.retained_size(node)).sum(),
            nodes,
        }
    }

    /// How often each text is the name of a flat string.
    fn flat_counts(&self) -> Vec<u32> {
        let graph = &self.graph;
        let mut counts = vec![0; graph.strings().len()];
        for node in graph.nodes().filter(|&node| is_counted(graph, node)) {
            if graph.kind(node) == NodeKind::STRING
                && let Some(count) = counts.get_mut(graph.name_index(node).0 as usize)
            {
                *count += 1;
            }
        }
        counts
    }
}

/// Strings of one text.
struct Group {
    rope: RopeIndex,
    nodes: Vec<NodeIndex>,
}

/// Concatenated strings that are not flat, by their texts.
struct Concatenated<'a> {
    ropes: Ropes<'a>,
    groups: Vec<Group>,
    /// Places in `groups`: those of texts with one hash.
    by_hash: HashMap<u64, Vec<u32>>,
}

impl<'a> Concatenated<'a> {
    fn find(graph: &'a HeapGraph, options: &AnalysisOptions<'_>) -> Self {
        let mut found = Concatenated {
            ropes: Ropes::new(graph),
            groups: Vec::new(),
            by_hash: HashMap::new(),
        };
        /// Of a text that no string has that counts, so far.
        const NONE: u32 = u32::MAX;
        let mut group_of_rope = Vec::new();
        let nodes = options.wanted(graph.nodes());
        for node in nodes.filter(|&node| graph.kind(node) == NodeKind::CONS_STRING && is_counted(graph, node)) {
            if found.ropes.is_flat(node) {
                continue;
            }
            let rope = found.ropes.add(node);
            group_of_rope.resize(found.ropes.len(), NONE);
            // Every string has a text when it was added.
            let Some(group) = group_of_rope.get_mut(rope.at()) else {
                continue;
            };
            if *group == NONE {
                *group = found.group_of_rope(rope);
            }
            if let Some(group) = found.groups.get_mut(*group as usize) {
                group.nodes.push(node);
            }
        }
        found
    }

    /// The group of a text, a new one if there is none.
    fn group_of_rope(&mut self, rope: RopeIndex) -> u32 {
        let alike = self.by_hash.entry(self.ropes.hash(rope)).or_default();
        let text = if alike.is_empty() {
            Vec::new()
        } else {
            self.ropes.text(rope)
        };
        let groups = &self.groups;
        let known = alike.iter().find(|&&group| {
            groups
                .get(group as usize)
                .is_some_and(|group| self.ropes.is(group.rope, &text))
        });
        if let Some(&known) = known {
            return known;
        }
        let new = self.groups.len() as u32;
        alike.push(new);
        self.groups.push(Group {
            rope,
            nodes: Vec::new(),
        });
        new
    }

    /// The group of a text, if there is one.
    fn group_of(&mut self, text: &[u8]) -> Option<&mut Group> {
        if self.groups.is_empty() {
            return None;
        }
        let mut alike = self.by_hash.get(&hash(text))?.iter();
        let is_it = |&&group: &&u32| {
            let group = self.groups.get(group as usize);
            group.is_some_and(|group| self.ropes.is(group.rope, text))
        };
        let place = *alike.find(is_it)?;
        self.groups.get_mut(place as usize)
    }
}
