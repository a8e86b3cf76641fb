//! Texts of heap snapshots: a small one made of parts, and real ones.

use std::io::Read;

use rs_profiler_core::format::heapsnapshot::{read, HeapSnapshotFile, ReadOptions};
use rs_profiler_core::model::heap::HeapGraph;
use rs_profiler_core::Error;

/// Pieces of a small, complete file. Tests replace some of them.
#[derive(Clone)]
pub struct Parts {
    pub meta: &'static str,
    pub counts: &'static str,
    pub nodes: String,
    pub edges: String,
    pub locations: &'static str,
    pub strings: String,
    pub more: &'static str,
}

impl Default for Parts {
    fn default() -> Self {
        Parts {
            meta: r#"{"node_fields":["type","name","id","self_size","edge_count","detachedness"],"node_types":[["hidden","object","synthetic"],"string","number","number","number","number"],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["element","property","weak"],"string_or_number","node"],"location_fields":["object_index","script_id","line","column"]}"#,
            counts: r#""node_count":3,"edge_count":3"#,
            nodes: "2,0,1,0,2,0,1,1,3,16,1,0,1,2,5,24,0,0".to_owned(),
            edges: "0,1,6,1,2,12,2,2,0".to_owned(),
            locations: "6,7,8,9",
            strings: r#""","Cache","name""#.to_owned(),
            more: "",
        }
    }
}

impl Parts {
    pub fn text(&self) -> String {
        format!(
            "{{\"snapshot\":{{\"meta\":{},{}}},\n\"nodes\":[{}],\n\"edges\":[{}],\n\"trace_function_infos\":[],\n\
             \"trace_tree\":[1,0,0,0,[[2,0,0,0,[]]]],\n\"samples\":[],\n\"locations\":[{}],{}\n\"strings\":[{}]}}",
            self.meta, self.counts, self.nodes, self.edges, self.locations, self.more, self.strings
        )
    }
}

pub fn read_text(text: &str) -> Result<HeapSnapshotFile, Error> {
    read(text.as_bytes(), ReadOptions::default())
}

pub fn graph(parts: &Parts) -> HeapGraph {
    read_text(&parts.text()).unwrap().graph
}

/// The text of one of DevTools' fixtures.
pub fn fixture_text(name: &str) -> Vec<u8> {
    let path = format!(
        "{}/tests/fixtures/devtools/{name}.heapsnapshot.gz",
        env!("CARGO_MANIFEST_DIR")
    );
    let mut text = Vec::new();
    let file = std::fs::File::open(path).unwrap();
    flate2::read::GzDecoder::new(file).read_to_end(&mut text).unwrap();
    text
}

/// `text` as a zstd frame.
pub fn zstd(text: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
}
