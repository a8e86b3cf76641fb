//! Whose code a function is.

use crate::model::{CallFrame, MetaFrame};

/// Whose code a function is, or what a frame without a function stands for.
///
/// ```
/// use rs_profiler_core::analyze::calls::Category;
/// use rs_profiler_core::model::CallFrame;
/// let of = |url: &'static str| Category::of(&CallFrame { url: url.into(), ..CallFrame::default() }, None);
/// assert_eq!(of("/srv/node_modules/koa/node_modules/@koa/router/lib/a.js"), Category::Package("@koa/router".into()));
/// assert_eq!(of("/srv/app.js"), Category::App);
/// assert_eq!(of("node:fs"), Category::Node);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Category {
    /// The program's own files, and code without a file (`eval`, `new Function`).
    App,
    /// An npm package: the innermost `node_modules` of the path names it.
    Package(Box<str>),
    /// Node's own JavaScript.
    Node,
    /// Functions without a script.
    Native,
    /// Compiled regular expressions.
    RegExp,
    /// WebAssembly.
    Wasm,
    /// `(garbage collector)`.
    GarbageCollector,
    /// `(program)`: native code outside JavaScript.
    Program,
    /// `(idle)`.
    Idle,
    /// `(root)`.
    Root,
}

impl Category {
    /// The category of `frame`; `meta` is what it stands for when it is no function.
    pub fn of(frame: &CallFrame<'_>, meta: Option<MetaFrame>) -> Category {
        match meta {
            Some(MetaFrame::Root) => return Category::Root,
            Some(MetaFrame::Idle) => return Category::Idle,
            Some(MetaFrame::Program) => return Category::Program,
            Some(MetaFrame::GarbageCollector) => return Category::GarbageCollector,
            None => {}
        }
        let url = &*frame.url;
        if url.is_empty() {
            return match frame.script_id {
                _ if frame.function_name.starts_with("RegExp: ") => Category::RegExp,
                0 => Category::Native,
                _ => Category::App,
            };
        }
        if url.starts_with("node:") || is_of_old_node(url) {
            return Category::Node;
        }
        if url.starts_with("wasm:") {
            return Category::Wasm;
        }
        match package_of(url) {
            Some(name) => Category::Package(name.into()),
            None => Category::App,
        }
    }

    /// The category in a word: a package's name, or one of `app`, `node:`, `native`, `regexp`, `wasm` and V8's names.
    ///
    /// ```
    /// use rs_profiler_core::analyze::calls::Category;
    /// assert_eq!(Category::Package("koa".into()).label(), "koa");
    /// assert_eq!(Category::Idle.label(), "(idle)");
    /// ```
    pub fn label(&self) -> &str {
        match self {
            Category::App => "app",
            Category::Package(name) => name,
            Category::Node => "node:",
            Category::Native => "native",
            Category::RegExp => "regexp",
            Category::Wasm => "wasm",
            Category::GarbageCollector => "(garbage collector)",
            Category::Program => "(program)",
            Category::Idle => "(idle)",
            Category::Root => "(root)",
        }
    }

    /// Whether this is one of V8's frames that are no functions.
    ///
    /// ```
    /// use rs_profiler_core::analyze::calls::Category;
    /// assert!(Category::Root.is_meta() && !Category::Native.is_meta());
    /// ```
    pub fn is_meta(&self) -> bool {
        matches!(
            self,
            Category::GarbageCollector | Category::Program | Category::Idle | Category::Root
        )
    }
}

/// Before `node:` names, Node's files were called `internal/...` or by their bare names.
fn is_of_old_node(url: &str) -> bool {
    const FILES: [&str; 12] = [
        "_http_client.js",
        "_http_server.js",
        "_stream_readable.js",
        "_stream_writable.js",
        "bootstrap_node.js",
        "buffer.js",
        "events.js",
        "fs.js",
        "module.js",
        "net.js",
        "timers.js",
        "vm.js",
    ];
    url.starts_with("internal/") || FILES.contains(&url)
}

/// The package that a path is inside of.
fn package_of(path: &str) -> Option<&str> {
    let is_slash = |character| character == '/' || character == '\\';
    let mut segments = path.split(is_slash);
    // From the end: the innermost `node_modules` that a name follows.
    let folder = segments.rfind(|segment| *segment == "node_modules")?;
    let start = folder.as_ptr() as usize - path.as_ptr() as usize + folder.len() + 1;
    let inside = path.get(start..)?;
    let mut slashes = inside.match_indices(is_slash).map(|(position, _)| position);
    let end = match inside.starts_with('@') {
        true => slashes.nth(1),
        false => slashes.next(),
    };
    // A file directly inside `node_modules` belongs to nobody.
    inside.get(..end?).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &'static str, url: &'static str, script_id: i32) -> Category {
        let frame = CallFrame {
            function_name: name.into(),
            url: url.into(),
            script_id,
            ..CallFrame::default()
        };
        Category::of(&frame, None)
    }

    #[test]
    fn tells_whose_code_it_is() {
        let package = |name: &str| Category::Package(name.into());
        for (url, category) in [
            ("/srv/node_modules/koa/lib/a.js", package("koa")),
            ("/srv/node_modules/@koa/router/a.js", package("@koa/router")),
            ("/srv/node_modules/.pnpm/koa@3/node_modules/koa/a.js", package("koa")),
            ("C:\\srv\\node_modules\\koa\\a.js", package("koa")),
            ("/srv/node_modules/loose.js", Category::App),
            ("/srv/my_node_modules/x/a.js", Category::App),
            ("node:internal/timers", Category::Node),
            ("internal/modules/cjs/loader.js", Category::Node),
            ("events.js", Category::Node),
            ("evalmachine.<anonymous>", Category::App),
            ("wasm://wasm/4711", Category::Wasm),
            ("https://example.org/a.js", Category::App),
        ] {
            assert_eq!(of("f", url, 3), category, "{url}");
        }
        assert_eq!(of("RegExp: a+", "", 0), Category::RegExp);
        assert_eq!(of("writeUtf8String", "", 0), Category::Native);
        assert_eq!(of("anonymous", "", 9), Category::App);
        assert_eq!(of("(idle)", "", 0), Category::Native);
    }
}
