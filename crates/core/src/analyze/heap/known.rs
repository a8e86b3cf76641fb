//! The texts that rules speak of, looked up once: comparing numbers is cheaper than comparing texts.

use crate::model::heap::{HeapGraph, StringIndex};

/// Numbers of the texts. A list each, since a file may repeat a text; V8's files do not.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Known {
    pub(super) object: Vec<u32>,
    pub(super) array: Vec<u32>,
    pub(super) proto: Vec<u32>,
    pub(super) elements: Vec<u32>,
    pub(super) native_context: Vec<u32>,
    pub(super) sloppy_function_map: Vec<u32>,
    pub(super) map_descriptors: Vec<u32>,
    pub(super) array_buffer_data: Vec<u32>,
    pub(super) external_string_data: Vec<u32>,
    pub(super) document_dom_trees: Vec<u32>,
}

impl Known {
    pub(super) fn find(graph: &HeapGraph) -> Known {
        let mut known = Known::default();
        let strings = graph.strings();
        for index in 0..strings.len() as u32 {
            let list = match strings.bytes(StringIndex(index)) {
                b"Object" => &mut known.object,
                b"Array" => &mut known.array,
                b"__proto__" => &mut known.proto,
                b"elements" => &mut known.elements,
                b"system / NativeContext" => &mut known.native_context,
                b"sloppy_function_map" => &mut known.sloppy_function_map,
                b"(map descriptors)" => &mut known.map_descriptors,
                b"system / JSArrayBufferData" => &mut known.array_buffer_data,
                b"system / ExternalStringData" => &mut known.external_string_data,
                b"(Document DOM trees)" => &mut known.document_dom_trees,
                _ => continue,
            };
            list.push(index);
        }
        known
    }
}
