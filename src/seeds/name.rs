//! The names that `--make-async` takes, and their patterns.

use crate::callgraph::Function;

/// One name, taken apart.
pub(super) struct Wanted<'n> {
    pub(super) text: &'n str,
    /// What stands before the colon.
    pub(super) module: Option<&'n str>,
    /// The rest.
    name: &'n str,
    /// Whether it is a shell pattern.
    is_pattern: bool,
}

impl<'n> Wanted<'n> {
    pub(super) fn new(text: &'n str) -> Self {
        let text = text.trim();
        let (module, name) = match text.split_once(':') {
            Some((module, name)) => (Some(module), name),
            None => (None, text),
        };
        Self {
            text,
            module,
            name,
            is_pattern: is_pattern(text),
        }
    }

    /// The last name, unless it is a pattern.
    pub(super) fn word(&self) -> Option<&'n str> {
        let word = self.name.rsplit('.').next().unwrap_or(self.name);
        (!is_pattern(word) && !word.is_empty()).then_some(word)
    }

    /// Whether it names this function of this module.
    pub(super) fn names(&self, module: &str, function: &Function) -> bool {
        if function.is_lambda {
            return false;
        }
        // A pattern means the functions that callers see. Special methods and those inside of others have to be named.
        let is_special = function.name.starts_with("__") && function.name.ends_with("__");
        let is_inner = function.outer.is_some();
        if is_pattern(self.name) && (is_special || is_inner) {
            return false;
        }
        let matches = |pattern: &str, text: &str| {
            if self.is_pattern {
                matches_pattern(pattern, text)
            } else {
                pattern == text
            }
        };
        let qualified = function.qualified_name.as_str();
        if let Some(pattern) = self.module {
            return matches(pattern, module) && matches(self.name, qualified);
        }
        if matches(self.name, &format!("{module}.{qualified}")) {
            return true;
        }
        // `Class.method`, whatever the class stands in.
        let method = qualified
            .rmatch_indices('.')
            .nth(1)
            .map_or(qualified, |(dot, _)| &qualified[dot + 1..]);
        function.class.is_some() && matches(self.name, method)
    }
}

pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Whether a shell pattern (`*`, `?`, `[abc]`, `[a-z]`, `[!abc]`) matches a whole text. A `*` matches dots too.
pub(super) fn matches_pattern(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // Where to go on if what follows the last star does not fit.
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            retry = Some((p + 1, t));
            p += 1;
            continue;
        }
        if let Some(next) = matches_one(&pattern, p, text[t]) {
            p = next;
            t += 1;
            continue;
        }
        let Some((after_star, from)) = retry else {
            return false;
        };
        retry = Some((after_star, from + 1));
        p = after_star;
        t = from + 1;
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// Where the pattern goes on, if its item at `at` matches a character.
fn matches_one(pattern: &[char], at: usize, character: char) -> Option<usize> {
    match *pattern.get(at)? {
        '?' => Some(at + 1),
        '[' => {
            let is_negated = pattern.get(at + 1) == Some(&'!');
            let first = at + 1 + usize::from(is_negated);
            // A bracket that comes first is a member; one that is never closed is a plain character.
            let length = pattern
                .get(first + 1..)
                .and_then(|rest| rest.iter().position(|&c| c == ']'));
            let Some(length) = length else {
                return (character == '[').then_some(at + 1);
            };
            let end = first + 1 + length;
            let members = &pattern[first..end];
            let mut holds = false;
            let mut m = 0;
            while m < members.len() {
                if m + 2 < members.len() && members[m + 1] == '-' {
                    holds |= (members[m]..=members[m + 2]).contains(&character);
                    m += 3;
                } else {
                    holds |= members[m] == character;
                    m += 1;
                }
            }
            (holds != is_negated).then_some(end + 1)
        }
        other => (other == character).then_some(at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;

    #[test]
    fn shell_patterns() {
        for (pattern, text, expected) in [
            ("a.b", "a.b", true),
            ("a?b", "a.b", true),
            ("*.fetch", "pkg.client.Client.fetch", true),
            ("*.fetch", "pkg.client.fetch_all", false),
            ("*Transport.*", "HttpTransport.send", true),
            ("*Transport.*", "Transport", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]x", "]x", true),
            ("[x", "[x", true),
            ("**", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches_pattern(pattern, text), expected, "{pattern} {text}");
        }
    }
}
