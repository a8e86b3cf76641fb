//! Whether stacks of allocations are in a heap snapshot, seen while its text streams past.
//!
//! V8 writes the section `trace_function_infos` behind the nodes and edges, which are numbers only: so the first quotation
//! marks behind the header are those of the sections' names.

const TRACES: &[u8] = b"\"trace_function_infos\":[";
const STRINGS: &[u8] = b"\"strings\":[";
/// Bytes kept of the chunk before: one less than what is looked for, with the byte behind it.
const KEPT: usize = TRACES.len();

/// Watches a text that comes in chunks.
///
/// ```
/// use rs_profiler_core::format::heapsnapshot::TraceWatch;
/// let mut watch = TraceWatch::default();
/// watch.feed(br#"{"nodes":[1],"edges":[],"trace_function"#);
/// assert!(!watch.found());
/// watch.feed(br#"_infos":[0,1,"#);
/// assert!(watch.found());
/// ```
#[derive(Debug, Clone, Default)]
pub struct TraceWatch {
    last: Vec<u8>,
    state: State,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Looking,
    Found,
    /// The strings have begun, in which anything may stand.
    Past,
}

impl TraceWatch {
    /// Takes the next chunk. Time is linear in its length until the strings begin, constant from then on.
    pub fn feed(&mut self, chunk: &[u8]) {
        if self.state != State::Looking {
            return;
        }
        if !self.last.is_empty() {
            let head = &chunk[..chunk.len().min(KEPT)];
            let seam = [self.last.as_slice(), head].concat();
            self.look(&seam);
        }
        if self.state == State::Looking {
            self.look(chunk);
            self.keep(chunk);
        }
    }

    /// Whether the section is there and not empty.
    pub fn found(&self) -> bool {
        self.state == State::Found
    }

    fn look(&mut self, text: &[u8]) {
        for at in memchr::memchr_iter(b'"', text) {
            let rest = &text[at..];
            let first = rest.strip_prefix(TRACES).and_then(|values| values.first());
            if first.is_some_and(|first| *first != b']') {
                self.state = State::Found;
                return;
            }
            if rest.starts_with(STRINGS) {
                self.state = State::Past;
                return;
            }
        }
    }

    /// Keeps the last bytes, of this chunk and, if it is short, of those before.
    fn keep(&mut self, chunk: &[u8]) {
        if chunk.len() >= KEPT {
            self.last.clear();
            self.last.extend_from_slice(&chunk[chunk.len() - KEPT..]);
        } else {
            self.last.extend_from_slice(chunk);
            let surplus = self.last.len().saturating_sub(KEPT);
            self.last.drain(..surplus);
        }
    }
}
