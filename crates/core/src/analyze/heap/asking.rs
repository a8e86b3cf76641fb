//! The long questions: as methods of the analysis, and so that the caller can give up.

use super::stop::AnalysisOptions;
use super::{ClassFilter, ClassRow, DuplicatedString, HeapAnalysis, HeapComparison};
use crate::Result;

/// An analysis that is asked with options: long questions end with [`Error::Cancelled`](crate::Error::Cancelled) soon after the
/// caller gives up. What an analysis makes once and keeps, such as its list of retainers, is made to its end.
///
/// ```
/// use std::sync::atomic::AtomicBool;
/// use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};
/// use rs_profiler_core::model::heap::{HeapGraphBuilder, HeapStrings};
/// let graph = HeapGraphBuilder::default().finish(HeapStrings::default(), false).unwrap();
/// let analysis = HeapAnalysis::new(graph, AnalysisOptions::default())?;
/// let cancel = AtomicBool::new(true);
/// let asking = analysis.asking(AnalysisOptions { cancel: Some(&cancel), ..AnalysisOptions::default() });
/// assert!(matches!(asking.duplicated_strings(), Err(rs_profiler_core::Error::Cancelled)));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    analysis: &'a HeapAnalysis,
    options: AnalysisOptions<'a>,
}

impl HeapAnalysis {
    /// The same analysis, asked with `options`.
    pub fn asking<'a>(&'a self, options: AnalysisOptions<'a>) -> Asking<'a> {
        Asking {
            analysis: self,
            options,
        }
    }

    /// [`Asking::compare`], which nobody can cancel.
    pub fn compare(&self, base: &HeapAnalysis) -> HeapComparison {
        let found = self.asking(AnalysisOptions::default()).compare(base);
        found.unwrap_or_default()
    }

    /// [`Asking::duplicated_strings`], which nobody can cancel.
    pub fn duplicated_strings(&self) -> Vec<DuplicatedString> {
        let found = self.asking(AnalysisOptions::default()).duplicated_strings();
        found.unwrap_or_default()
    }

    /// [`Asking::classes_filtered`], which nobody can cancel.
    pub fn classes_filtered(&self, filter: ClassFilter) -> Vec<ClassRow> {
        let found = self.asking(AnalysisOptions::default()).classes_filtered(filter);
        found.unwrap_or_default()
    }
}

impl Asking<'_> {
    /// What changed since `base`. Nearly linear in the nodes of both.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`](crate::Error::Cancelled) when the caller gave up.
    pub fn compare(&self, base: &HeapAnalysis) -> Result<HeapComparison> {
        self.analysis.find_changes(base, self.options)
    }

    /// Equal strings, the most bytes first. Linear in nodes, edges of concatenated strings and texts.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`](crate::Error::Cancelled) when the caller gave up.
    pub fn duplicated_strings(&self) -> Result<Vec<DuplicatedString>> {
        self.analysis.find_duplicated_strings(&self.options)
    }

    /// The class table of what passes `filter`, by retained size. Nearly linear in nodes and edges.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`](crate::Error::Cancelled) when the caller gave up.
    pub fn classes_filtered(&self, filter: ClassFilter) -> Result<Vec<ClassRow>> {
        self.analysis.find_classes(filter, &self.options)
    }
}
