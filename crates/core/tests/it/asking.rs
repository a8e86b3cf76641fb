//! Long questions end when the caller gives up, and otherwise answer as they always do.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Mutex;
use std::time::Duration;

use rs_profiler_core::analyze::heap::{AnalysisOptions, Asking, ClassFilter, HeapAnalysis};
use rs_profiler_core::{Error, Result};

use crate::heap_devtools::analysed;

/// Asks, and gives up in the phase with this number; what was answered, and the phases there were until then.
fn asked<T>(
    analysis: &HeapAnalysis,
    last: usize,
    question: impl FnOnce(Asking<'_>) -> Result<T>,
) -> (Result<T>, Vec<String>) {
    let cancel = AtomicBool::new(last == 0);
    let heard = Mutex::new(Vec::new());
    let timing = |phase: &str, _: Duration| {
        let mut heard = heard.lock().unwrap();
        heard.push(phase.to_owned());
        cancel.store(heard.len() >= last, Ordering::Relaxed);
    };
    let answer = question(analysis.asking(AnalysisOptions {
        cancel: Some(&cancel),
        timing: Some(&timing),
    }));
    (answer, heard.into_inner().unwrap())
}

#[test]
fn a_comparison_ends_in_the_phase_in_which_the_caller_gives_up() {
    let (base, later) = (analysed("pairA"), analysed("pairB"));
    let compare = |asking: Asking<'_>| asking.compare(&base);
    let (found, heard) = asked(&later, 0, compare);
    assert!(matches!(found, Err(Error::Cancelled)), "{heard:?}");
    assert!(heard.is_empty(), "{heard:?}");
    let (changes, heard) = asked(&later, usize::MAX, compare);
    assert_eq!(changes.unwrap(), later.compare(&base));
    assert_eq!(heard, ["rows"]);
}

#[test]
fn the_other_long_questions_end_too() {
    let analysis = analysed("n24");
    let strings = |asking: Asking<'_>| asking.duplicated_strings();
    let contexts = |asking: Asking<'_>| asking.classes_filtered(ClassFilter::RetainedByContexts);
    assert!(matches!(asked(&analysis, 0, strings).0, Err(Error::Cancelled)));
    assert!(matches!(asked(&analysis, 0, contexts).0, Err(Error::Cancelled)));
    assert_eq!(asked(&analysis, 1, strings).0.unwrap(), analysis.duplicated_strings());
    let rows = analysis.classes_filtered(ClassFilter::RetainedByContexts);
    assert_eq!(asked(&analysis, 1, contexts).0.unwrap(), rows);
}

#[test]
fn an_analysis_has_as_many_phases_as_it_says() {
    let heard = Mutex::new(0);
    let timing = |_: &str, _: Duration| *heard.lock().unwrap() += 1;
    let graph = analysed("n24").graph().clone();
    let options = AnalysisOptions {
        cancel: None,
        timing: Some(&timing),
    };
    HeapAnalysis::new(graph, options).unwrap();
    assert_eq!(heard.into_inner().unwrap(), HeapAnalysis::PHASES);
}
