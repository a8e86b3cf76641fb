//! V8's flags, as this process was given them. V8 itself tells nobody.

use std::env;

/// Whether a flag, as `--flag-name`, was given on the command line or in `NODE_OPTIONS`, with whatever value. V8 takes `_` for
/// `-`. What `v8.setFlagsFromString` did cannot be seen.
pub fn flag_given(flag: &str) -> bool {
    let words = env::args_os().chain(env::var_os("NODE_OPTIONS"));
    any_names(words.map(|word| word.to_string_lossy().into_owned()), flag)
}

fn any_names(mut words: impl Iterator<Item: AsRef<str>>, flag: &str) -> bool {
    words.any(|word| word.as_ref().replace('_', "-").contains(flag))
}

#[cfg(test)]
mod tests {
    use super::any_names;

    #[test]
    fn a_flag_is_found_however_it_is_spelled() {
        let given = |words: &[&'static str]| any_names(words.iter(), "--string-limit");
        assert!(given(&["node", "--string_limit=5"]));
        assert!(given(&["node", "--no-warnings --string-limit 5"]));
        assert!(!given(&["node", "string-limit"]));
        assert!(!given(&[]));
    }
}
