//! Heap snapshots whose texts hang together in odd ways or are very deep, and sizes that nothing has.

use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};

use crate::common::snapshot_text::{read_text, Parts};

/// Nodes of strings: flat ones by name, and concatenated ones by the nodes of their halves.
fn ropes(flat: &[&str], concatenated: &[(usize, usize)]) -> String {
    let meta = r#"{"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["synthetic","string","concatenated string"],"string","number","number","number"],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["internal"],"string_or_number","node"]}"#;
    let mut nodes = vec!["0,0,1,0,0".to_owned()];
    let mut edges = Vec::new();
    for (name, _) in flat.iter().enumerate() {
        nodes.push(format!("1,{},{},16,0", name + 4, 2 * nodes.len() + 1));
    }
    for (first, second) in concatenated {
        nodes.push(format!("2,3,{},32,2", 2 * nodes.len() + 1));
        edges.push(format!("0,1,{},0,2,{}", 5 * first, 5 * second));
    }
    let strings: Vec<String> = ["", "first", "second", "(concatenated string)"]
        .iter()
        .chain(flat)
        .map(|text| format!("{text:?}"))
        .collect();
    format!(
        "{{\"snapshot\":{{\"meta\":{meta},\"node_count\":{},\"edge_count\":{}}},\"nodes\":[{}],\"edges\":[{}],\"strings\":[{}]}}",
        nodes.len(), 2 * concatenated.len(), nodes.join(","), edges.join(","), strings.join(",")
    )
}

fn duplicates(text: &str) -> Vec<(String, usize)> {
    let analysis = HeapAnalysis::new(read_text(text).unwrap().graph, AnalysisOptions::default()).unwrap();
    let rows = analysis.duplicated_strings();
    rows.into_iter().map(|row| (row.text, row.nodes.len())).collect()
}

#[test]
fn texts_of_concatenated_strings_and_those_that_lead_back_to_themselves() {
    // Nodes 1 and 2 are flat, 3 = 1 + 2, 4 = 1 + 2.
    assert_eq!(
        duplicates(&ropes(&["ab", "cd"], &[(1, 2), (1, 2)])),
        [("abcd".to_owned(), 2)]
    );
    // 3 = 3 + 1, 4 = 5 + 1, 5 = 4 + 1: only what is flat counts.
    let damaged = duplicates(&ropes(&["ab", "cd"], &[(3, 1), (5, 1), (4, 1)]));
    assert!(damaged.iter().all(|(text, _)| text.len() <= 6), "{damaged:?}");
}

#[test]
fn a_text_of_a_hundred_thousand_pieces_takes_no_longer_than_its_pieces() {
    // Each is the one before and one more piece, twice: quadratic work would take minutes.
    let piece = "a line of a log that grows";
    let mut concatenated = vec![(1, 1)];
    for at in 2..100_001 {
        concatenated.push((at, 1));
    }
    let rows = duplicates(&ropes(&[piece], &concatenated));
    // All that are longer than the limit begin alike.
    let longest = rows.iter().max_by_key(|(text, _)| text.len()).unwrap();
    assert_eq!(longest.0.len(), 1024_usize.next_multiple_of(piece.len()));
    assert_eq!(longest.1, 100_000 - (longest.0.len() / piece.len() - 2));
}

#[test]
fn sizes_that_no_process_has_are_refused() {
    for size in ["9007199254740992", "18446744073709551615"] {
        let parts = Parts {
            nodes: format!("2,0,1,0,2,0,1,1,3,{size},1,0,1,2,5,24,0,0"),
            ..Parts::default()
        };
        let reason = read_text(&parts.text()).unwrap_err().to_string();
        assert!(
            reason.contains("9007199254740991 bytes") || reason.contains("63 bits"),
            "{reason}"
        );
    }
    let parts = Parts {
        counts: r#""node_count":3,"edge_count":3,"extra_native_bytes":18446744073709551615"#,
        ..Parts::default()
    };
    let reason = read_text(&parts.text()).unwrap_err().to_string();
    assert!(
        reason.contains("extra_native_bytes is 18446744073709551615"),
        "{reason}"
    );
}

#[test]
fn a_list_of_more_fields_than_a_record_can_have_is_refused() {
    let text = Parts::default().text();
    for list in [
        "node_fields",
        "edge_fields",
        "location_fields",
        "trace_function_info_fields",
    ] {
        let many = vec!["\"more\""; 40].join(",");
        let key = format!("\"{list}\":[");
        let text = match text.contains(&key) {
            true => text.replace(&key, &format!("{key}{many},")),
            false => text.replace("\"node_fields\"", &format!("{key}{many}],\"node_fields\"")),
        };
        let reason = read_text(&text).unwrap_err().to_string();
        assert!(reason.contains(&format!("meta.{list} has 4")), "{list}: {reason}");
    }
}
