//! A suspect in one plain sentence.

use super::suspect_kind::{ContainerKind, KeyPattern};
use super::suspects::{FoundBy, LeakSuspect, PathStep};
use super::HeapAnalysis;
use crate::model::heap::EdgeKind;

/// The longest text that is quoted.
const LONGEST: usize = 80;

/// What accumulates where, how much of it, and what is odd about it.
pub(super) fn sentence(analysis: &HeapAnalysis, suspect: &LeakSuspect) -> String {
    let what = &suspect.accumulated;
    let heap = analysis.total_size().max(1) as f64;
    let share = 100.0 * what.retained_size as f64 / heap;
    let mut text = format!("{} holds {} {}", container(analysis, suspect), what.count, what.class);
    if what.parts > 0 {
        text += &format!(", in {} containers within it,", what.parts);
    }
    text += &format!(" that retain {} ({share:.1} % of the heap)", bytes(what.retained_size));
    if let Some(place) = what.place.as_ref().filter(|place| place.is_programs()) {
        text += &format!(", from {place}");
    }
    if let Some(call) = &what.allocated_by {
        let function = if call.function.is_empty() {
            "(anonymous)"
        } else {
            &call.function
        };
        text += &format!(", allocated by {function} ({}:{})", call.url, call.line);
    }
    if suspect.shared {
        text += "; something else holds them as well";
    }
    if what.class == "(sliced string)" {
        text += "; each keeps the whole text that it was cut from";
    }
    if let Some(duplicates) = &suspect.duplicates {
        text += &match suspect.kind {
            // A file's name is said whole, however deep its folder is: its end tells the most.
            ContainerKind::ModuleChildren => {
                format!(
                    "; {} of them are {}, loaded again and again",
                    duplicates.count, duplicates.text
                )
            }
            _ => format!(
                "; {} of them are equal: {:?}",
                duplicates.count,
                shortened(&duplicates.text)
            ),
        };
    }
    text += match suspect.keys {
        Some(KeyPattern::Timestamps) => "; its keys are points in time",
        Some(KeyPattern::Consecutive) => "; its keys count up",
        None => "",
    };
    if suspect.off_heap_size * 2 > suspect.retained_size {
        text += &format!("; {} lie off the JavaScript heap", bytes(suspect.off_heap_size));
    }
    if let Some(growth) = suspect.growth {
        let more = suspect.retained_size.saturating_sub(growth.base_retained_size);
        text += &match growth.found_by {
            FoundBy::Id => format!("; it grew by {} since the base", bytes(more)),
            FoundBy::Path => format!(
                "; what the same path leads to in the base, whose ids do not match, is smaller by {}",
                bytes(more)
            ),
        };
        if growth.elements > growth.base_elements {
            text += &format!(", from {} to {} references", growth.base_elements, growth.elements);
        }
    }
    text + "."
}

/// The text, or its first characters and an ellipsis.
fn shortened(text: &str) -> String {
    match text.chars().count() <= LONGEST {
        true => text.to_owned(),
        false => text.chars().take(LONGEST).chain(['…']).collect(),
    }
}

fn container(analysis: &HeapAnalysis, suspect: &LeakSuspect) -> String {
    let mut place = expression(&suspect.path);
    let name = analysis.graph().name(suspect.node);
    // The file, unless it is said anyway.
    let said = suspect.accumulated.place.as_ref().map(|place| &place.url);
    if let Some(holder) = suspect.holder.as_ref().filter(|holder| said != Some(&holder.url)) {
        place += &format!(" in {}", holder.url);
    }
    match suspect.kind {
        ContainerKind::Array => format!("The array {place}"),
        ContainerKind::Map => format!("The Map {place}"),
        ContainerKind::Set => format!("The Set {place}"),
        ContainerKind::Dictionary => format!("The object {place}, used as a dictionary,"),
        ContainerKind::Listeners => format!("The list of event listeners {place}"),
        ContainerKind::ClosureContext => format!("The function {name} ({place})"),
        ContainerKind::ModuleChildren => format!("module.children of {}", module_of(analysis, suspect)),
        ContainerKind::Timers => "Node's list of timers".to_owned(),
        ContainerKind::PromiseReactions => format!("The promise {place}, which is not settled,"),
        ContainerKind::LinkedList => format!("The linked list {place}"),
        ContainerKind::ConcatenatedString => format!("The text {place}, put together piece by piece,"),
        ContainerKind::FinalizationRegistry => format!("The FinalizationRegistry {place}"),
        ContainerKind::Object => format!("The {name} {place}"),
    }
}

/// The file of the module whose children the suspect is.
fn module_of(analysis: &HeapAnalysis, suspect: &LeakSuspect) -> String {
    let graph = analysis.graph();
    let module = suspect.path.last().map(|step| step.from);
    let file = module.and_then(|module| super::script_places::target(graph, module, &["filename"]));
    file.map_or_else(|| "a module".to_owned(), |file| graph.name(file).into_owned())
}

/// A path as a program would write it: `global.held.sessions`. Steps over V8's own edges say nothing to it.
fn expression(path: &[PathStep]) -> String {
    let mut text = String::new();
    for step in path {
        match step.edge_kind {
            EdgeKind::Property => {
                if text.is_empty() {
                    text = first(step);
                }
                text += &match is_identifier(&step.edge_name) {
                    true => format!(".{}", step.edge_name),
                    false => format!("[{:?}]", step.edge_name),
                };
            }
            EdgeKind::Element => {
                if text.is_empty() {
                    text = first(step);
                }
                text += &format!("[{}]", step.edge_name);
            }
            // A variable is named by itself.
            EdgeKind::Context => text.clone_from(&step.edge_name),
            _ => {}
        }
    }
    text
}

fn first(step: &PathStep) -> String {
    step.from_name.split(' ').next().unwrap_or_default().to_owned()
}

fn is_identifier(name: &str) -> bool {
    let fits = |character: char| character.is_alphanumeric() || character == '_' || character == '$';
    !name.is_empty() && name.chars().all(fits) && !name.starts_with(|character: char| character.is_ascii_digit())
}

/// Bytes in the unit that leaves one to three digits before the point.
fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{:.1} GB", count as f64 / 1e9),
    }
}
