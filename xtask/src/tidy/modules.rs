//! A crate's files into its modules and the paths that each names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::Problem;

/// One file of a crate.
pub struct Module {
    /// Names from the crate's root down; empty for the root.
    pub path: Vec<String>,
    /// Every path in it: of `use`, and of expressions that begin with `crate`, `super` or `self`.
    pub paths: Vec<Vec<String>>,
    /// What `use` brings into it: the name, and the path behind it; `*` for all.
    pub imports: Vec<(String, Vec<String>)>,
    /// Types that it has an inherent `impl` of.
    pub extended: Vec<String>,
    /// Whether a name is defined in it.
    defined: Vec<String>,
}

impl Module {
    /// Whether an item of this name is written in it.
    pub fn defines(&self, name: &str) -> bool {
        self.defined.iter().any(|defined| defined == name)
    }

    fn of(path: Vec<String>, code: &str) -> Self {
        let words = words(code);
        let mut module =
            Self { path, paths: Vec::new(), imports: Vec::new(), extended: Vec::new(), defined: Vec::new() };
        let mut at = 0;
        while at < words.len() {
            let next = words.get(at + 1).copied().unwrap_or_default();
            match words[at] {
                "use" => {
                    let end =
                        words[at..].iter().position(|word| *word == ";").map_or(words.len(), |length| at + length);
                    expand(&words[at + 1..end], &[], &mut module.imports);
                    at = end;
                }
                "struct" | "enum" | "union" | "trait" | "type" | "fn" | "const" | "static" | "mod" => {
                    module.defined.push(next.to_owned());
                }
                // In a signature it comes after another sign.
                "impl" if at == 0 || ["}", ";", "]", "unsafe"].contains(&words[at - 1]) => {
                    module.extended.extend(inherent(&words[at + 1..]));
                }
                "crate" | "super" | "self" if next == "::" => {
                    let mut path = vec![words[at].to_owned()];
                    while words.get(at + 1) == Some(&"::") && words.get(at + 2).is_some_and(|word| is_name(word)) {
                        path.push(words[at + 2].to_owned());
                        at += 2;
                    }
                    module.paths.push(path);
                }
                _ => {}
            }
            at += 1;
        }
        module.paths.extend(module.imports.iter().map(|(_, path)| path.clone()));
        module
    }
}

/// The modules below a root file (`lib.rs`, `main.rs`, a program of `bin/`).
pub fn modules(root: &Path) -> Result<Vec<Module>, Problem> {
    let mut found = Vec::new();
    let folder = root.parent().unwrap_or(Path::new("")).to_owned();
    read(root, &folder, Vec::new(), &mut found)?;
    Ok(found)
}

fn read(file: &Path, folder: &Path, path: Vec<String>, found: &mut Vec<Module>) -> Result<(), Problem> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let code = code(&text);
    let words = words(&code);
    for at in words.windows(3).filter(|words| words[0] == "mod" && words[2] == ";") {
        let beside = folder.join(format!("{}.rs", at[1]));
        let within = folder.join(at[1]);
        let file: PathBuf = if beside.is_file() { beside } else { within.join("mod.rs") };
        // One that only some builds have may lie elsewhere.
        if file.is_file() {
            read(&file, &within, [&path[..], &[at[1].to_owned()]].concat(), found)?;
        }
    }
    found.push(Module::of(path, &code));
    Ok(())
}

/// The text without comments, what is in quotes, and the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut code = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("r\"") || rest.starts_with("r#") {
            raw(rest)
        } else if first == '"' {
            quoted(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            3
        } else {
            0
        };
        if skipped == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.push(' ');
            rest = &rest[skipped..];
        }
    }
    code
}

/// Length of a text in quotes, with them.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Length of a raw text, or of the one letter where it is none.
fn raw(rest: &str) -> usize {
    let hashes = rest[1..].chars().take_while(|letter| *letter == '#').count();
    if !rest[1 + hashes..].starts_with('"') {
        return 1 + hashes;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let start = 2 + hashes;
    rest[start..].find(&end).map_or(rest.len(), |length| start + length + end.len())
}

/// Names, `::`, and every other sign by itself.
fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let name = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
        let length = match name {
            0 if rest.starts_with("::") || rest.starts_with("->") => 2,
            0 => first.len_utf8(),
            _ => name,
        };
        words.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    words
}

fn is_name(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

/// The names that a tree of `use` brings in, each with its path.
fn expand(words: &[&str], before: &[String], imports: &mut Vec<(String, Vec<String>)>) {
    let mut path = before.to_vec();
    let mut at = 0;
    while at < words.len() {
        match words[at] {
            "::" => {}
            "{" => {
                for part in parts(&words[at + 1..]) {
                    expand(part, &path, imports);
                }
                return;
            }
            "as" => {
                imports.push((words.get(at + 1).copied().unwrap_or_default().to_owned(), path));
                return;
            }
            "*" => {
                imports.push(("*".into(), path));
                return;
            }
            "self" if !path.is_empty() => {}
            name => path.push(name.to_owned()),
        }
        at += 1;
    }
    if let Some(name) = path.last().cloned() {
        imports.push((name, path));
    }
}

/// What commas divide, up to the brace that closes.
fn parts<'a, 'b>(words: &'a [&'b str]) -> Vec<&'a [&'b str]> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0);
    for (at, word) in words.iter().enumerate() {
        match *word {
            "{" => depth += 1,
            "}" if depth == 0 => {
                parts.push(&words[start..at]);
                break;
            }
            "}" => depth -= 1,
            "," if depth == 0 => {
                parts.push(&words[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The type behind an `impl` that is of no trait.
fn inherent(words: &[&str]) -> Option<String> {
    let head = &words[..words.iter().position(|word| ["{", "where"].contains(word))?];
    let (mut depth, mut name) = (0, None);
    for word in head {
        match *word {
            "<" => depth += 1,
            ">" => depth -= 1,
            "for" if depth == 0 => return None,
            word if depth == 0 && is_name(word) => name = Some(word.to_owned()),
            _ => {}
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(text: &str) -> Module {
        Module::of(vec!["here".into()], &code(text))
    }

    #[test]
    fn uses_and_paths_are_found_and_comments_texts_and_tests_are_not() {
        let text = "//! crate::no\nuse crate::{a::{self, X as Y}, b::*};\npub use super::c::Z;\n\
            fn f() -> &'static str { crate::d::g(\"crate::no\", r#\"crate::\"no\"#); \"\" } /* crate::no */\n\
            #[cfg(test)]\nmod tests {\nuse crate::no;\n}\n";
        let module = module(text);
        let paths: Vec<String> = module.paths.iter().map(|path| path.join("::")).collect();
        assert_eq!(paths, ["crate::d::g", "crate::a", "crate::a::X", "crate::b", "super::c::Z"]);
        assert_eq!(module.imports.iter().map(|(name, _)| &**name).collect::<Vec<_>>(), ["a", "Y", "*", "Z"]);
    }

    #[test]
    fn an_inherent_impl_is_told_from_a_traits_and_from_a_signature() {
        let text =
            "impl<T: A<B>> One<T> { fn f(x: impl Fn(u8)) -> impl Iterator<Item = u8> {} }\nimpl Trait for Two {}";
        assert_eq!(module(text).extended, ["One"]);
        assert!(module("pub struct Three;").defines("Three"));
    }
}
