//! Mutated profiles: the readers never panic, and whatever they accept can be analysed and written in every format.
//!
//! `cargo test` tries some hundred texts per reader, the same ones every time. With `RS_PROFILER_FUZZ_SECONDS=600` each
//! reader is tried for that long with new ones; a failure names the seed, and `RS_PROFILER_FUZZ_SEED=<seed>` repeats it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::common::{fixture, plain_nodes, Random, NODES};
use rs_profiler_core::analyze::calls::{CallAnalysis, HotOptions, TreeOptions};
use rs_profiler_core::format::cpuprofile::{self, inspector, nodes, tree, ProfileHeader, ReadOptions};
use rs_profiler_core::format::flame_graph::{self, FlameGraphOptions};
use rs_profiler_core::format::{collapsed, heapprofile, pprof, speedscope};
use rs_profiler_core::model::{CallTree, HeapCounts, MetaFilter};
use rs_profiler_core::{Error, Result};

/// Texts of every shape.
fn cpu_texts() -> Vec<Vec<u8>> {
    let mut texts: Vec<Vec<u8>> = NODES
        .iter()
        .map(|node| fixture(&format!("node{node}.cpuprofile")).into_bytes())
        .collect();
    let profile = cpuprofile::read(&texts[3][..], ReadOptions::default()).unwrap().profile;
    let (mut list, mut nested) = (Vec::new(), Vec::new());
    nodes::write(&profile, &ProfileHeader::for_nodes("0", "a", &profile), &mut list).unwrap();
    tree::write(
        &profile,
        &ProfileHeader::for_tree("0", "a", &profile, (1, 2)),
        &mut nested,
    )
    .unwrap();
    texts.extend([list, nested]);
    // Small ones, in which a mutation hits something that matters.
    texts.extend(
        [
            r#"{"cpuProfile":{"nodes":[{"id":1,"callFrame":{"functionName":"(root)","scriptId":0}},{"id":2,"parent":1,
            "callFrame":{"functionName":"f","scriptId":3,"url":"file:///a%20b.js","lineNumber":4}}],"samples":[2,1,2]},
            "timeDeltas":[5,6,-7],"lines":[5,0,5],"startTime":1000,"endTime":2000}"#,
            r#"{"head":{"functionName":"(root)","id":1,"hitCount":0,"children":[{"functionName":"f\u0041\ud83d","url":"a",
            "lineNumber":1,"id":2,"scriptId":1,"bailoutReason":"no reason","hitCount":3,"children":[],
            "lineTicks":[{"line":1,"hitCount":3}]}]},"startTime":1,"endTime":2,"samples":[2,2],"timestamps":[7,9]}"#,
            r#"{"nodes":[{"id":1,"callFrame":{"functionName":"(root)"},"children":[2,3]},{"id":2,"callFrame":{
            "functionName":"(idle)"},"hitCount":1},{"id":3,"callFrame":{"functionName":"g","url":"node:x"},"hitCount":2,
            "positionTicks":[{"line":1,"ticks":2}],"deoptReason":"x"}],"startTime":0,"endTime":9}"#,
        ]
        .map(|text| text.as_bytes().to_vec()),
    );
    texts
}

fn heap_texts() -> Vec<Vec<u8>> {
    let mut texts: Vec<Vec<u8>> = NODES
        .iter()
        .map(|node| fixture(&format!("node{node}.heapprofile")).into_bytes())
        .collect();
    let profile = heapprofile::read(&texts[3][..]).unwrap().profile;
    let mut nested = Vec::new();
    heapprofile::tree::write(&profile, &mut nested).unwrap();
    texts.push(nested);
    texts.push(
        br#"{"head":{"callFrame":{"functionName":"(root)","scriptId":"0"},"selfSize":0,"id":1,"children":[{"callFrame":{
        "functionName":"f","scriptId":"2","lineNumber":-1},"selfSize":40,"id":2,"children":[]}]},"samples":[{"size":40,
        "nodeId":2,"ordinal":1}]}"#
            .to_vec(),
    );
    texts
}

/// Things that mean something where a value or a key is expected.
const TOKENS: [&str; 26] = [
    "0",
    "-1",
    "1",
    "2",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "1e308",
    "-0.5",
    "null",
    "true",
    "[]",
    "{}",
    "[[",
    "{\"",
    "\"\"",
    "\"\\ud800\"",
    "\\u0000",
    ",",
    ":",
    "]",
    "}",
    "\"children\":[1]",
    "\"parent\":2,",
    "\"id\":1,",
];

/// Some changes of `text`: bytes, cuts, repetitions, tokens, numbers.
fn mutated(text: &[u8], random: &mut Random) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..1 + random.below(4) {
        let length = text.len() as u64;
        let start = random.below(length + 1) as usize;
        let end = text.len().min(start + random.below(60) as usize);
        match random.below(6) {
            0 if start < text.len() => text[start] ^= 1 << random.below(8),
            1 => drop(text.drain(start..end)),
            2 => {
                let copy = text[start..end].to_vec();
                text.splice(start..start, copy);
            }
            3 => {
                let token = TOKENS[random.below(TOKENS.len() as u64) as usize];
                text.splice(start..start, token.bytes());
            }
            4 => text.truncate(start),
            _ => {
                // The next number becomes another one.
                let digits = |byte: &u8| byte.is_ascii_digit();
                if let Some(place) = text[start..].iter().position(digits) {
                    let place = start + place;
                    let count = text[place..].iter().take_while(|byte| digits(byte)).count();
                    let token = TOKENS[random.below(10) as usize];
                    text.splice(place..place + count, token.bytes());
                }
            }
        }
    }
    text
}

/// Asks everything of a tree and writes it in every format.
fn use_tree(tree: CallTree) {
    collapsed::write(&tree, collapsed::Value::Amount, MetaFilter::default(), std::io::sink()).unwrap();
    pprof::write(&tree, MetaFilter::with_meta(true), std::io::sink()).unwrap();
    speedscope::write_heap_profile(&tree, "", std::io::sink()).unwrap();
    match flame_graph::write(&tree, &FlameGraphOptions::default(), std::io::sink()) {
        Ok(_) | Err(Error::NothingToDraw { .. }) => {}
        Err(error) => panic!("{error}"),
    }
    let analysis = CallAnalysis::new(tree);
    let all = analysis.summary().total;
    for row in analysis.functions() {
        assert!(row.self_weight.amount <= row.total_weight.amount && row.total_weight.amount <= all.amount);
        analysis.callers(row.function);
        analysis.callees(row.function);
    }
    analysis.lines();
    analysis.groups();
    analysis.hot(HotOptions::default());
    analysis.top_down(TreeOptions::default());
    analysis.bottom_up(TreeOptions::default());
    analysis.compare(&analysis);
}

fn try_cpu_profile(text: &[u8]) -> Result<()> {
    let strict = cpuprofile::read(text, ReadOptions::default());
    let lenient = cpuprofile::read(text, ReadOptions::accepting_truncated());
    assert!(strict.is_err() || lenient.is_ok());
    for profile in [strict, lenient].into_iter().flatten() {
        speedscope::write_cpu_profile(&profile.profile, "", std::io::sink()).unwrap();
        let mut again = Vec::new();
        inspector::write(&profile.profile, inspector::Options::default(), &mut again).unwrap();
        let again = cpuprofile::read(&again[..], ReadOptions::default())?;
        assert_eq!(plain_nodes(&again.profile).len(), plain_nodes(&profile.profile).len());
        use_tree(CallTree::of_cpu_profile(&profile.profile)?);
    }
    Ok(())
}

fn try_heap_profile(text: &[u8]) -> Result<()> {
    let profile = heapprofile::read(text)?.profile;
    use_tree(CallTree::of_heap_profile(&profile, HeapCounts::Samples)?);
    use_tree(CallTree::of_heap_profile(&profile, HeapCounts::Objects)?);
    Ok(())
}

/// Tries mutations of `texts`: those of some fixed seeds, or new ones for as long as the environment says.
fn fuzz(texts: &[Vec<u8>], try_text: impl Fn(&[u8]) -> Result<()>) {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seconds = number("RS_PROFILER_FUZZ_SECONDS").map(Duration::from_secs);
    let first = number("RS_PROFILER_FUZZ_SEED").or_else(|| {
        seconds?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        u64::try_from(now.as_nanos() / 1_000).ok()
    });
    let start = Instant::now();
    let mut accepted = 0;
    for (count, seed) in (first.unwrap_or(0)..).enumerate() {
        let done = match seconds {
            Some(seconds) => start.elapsed() >= seconds,
            None => count == 400,
        };
        if done {
            break;
        }
        let mut random = Random::new(seed);
        let text = mutated(&texts[random.below(texts.len() as u64) as usize], &mut random);
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| try_text(&text)));
        match result {
            Ok(Ok(())) => accepted += 1,
            Ok(Err(error)) => assert!(error.to_string().len() > 20),
            Err(_) => panic!(
                "a panic with RS_PROFILER_FUZZ_SEED={seed}: {}",
                String::from_utf8_lossy(&text)
            ),
        }
    }
    assert!(
        accepted > 0,
        "no mutation was accepted, so nothing but errors was tried"
    );
}

#[test]
fn mutated_cpu_profiles() {
    fuzz(&cpu_texts(), try_cpu_profile);
}

#[test]
fn mutated_sampling_heap_profiles() {
    fuzz(&heap_texts(), try_heap_profile);
}
