//! A Fluent file into its messages, and a message with its values into text.
//!
//! The parser is the project's own (`fluent-syntax`); what resolves a message is here, since `fluent-bundle` brings tables of
//! every language's plurals, which the browser has. Of Fluent's syntax there are: values, selectors by plural, number and
//! word, references to messages and terms, attributes. There are no functions: a value comes with its digits.

use std::collections::HashMap;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};
use fluent_syntax::parser;

use super::conventions::Conventions;

/// What goes into a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// A number, written with so many digits behind the point; it chooses among plurals.
    Number {
        /// The number.
        value: f64,
        /// The digits.
        digits: usize,
    },
    /// A name or a word as it is; it chooses among variants.
    Word(String),
}

impl Given {
    fn written(&self, conventions: &dyn Conventions) -> String {
        match self {
            Self::Number { value, digits } => conventions.number(*value, *digits),
            Self::Word(word) => word.clone(),
        }
    }
}

impl From<usize> for Given {
    fn from(count: usize) -> Self {
        Self::Number { value: count as f64, digits: 0 }
    }
}

impl From<u32> for Given {
    fn from(count: u32) -> Self {
        Self::Number { value: count.into(), digits: 0 }
    }
}

impl From<String> for Given {
    fn from(word: String) -> Self {
        Self::Word(word)
    }
}

impl From<&String> for Given {
    fn from(word: &String) -> Self {
        Self::Word(word.clone())
    }
}

impl From<&str> for Given {
    fn from(word: &str) -> Self {
        Self::Word(word.into())
    }
}

/// References that are followed from one message; a circle ends there.
const DEPTH: usize = 4;

/// The messages of a file; an attribute stands under its message's name, a point and its own.
pub struct Translation {
    messages: HashMap<String, Pattern<&'static str>>,
}

impl Translation {
    /// Reads a file; what is no message is left out.
    pub fn read(source: &'static str) -> Self {
        let resource = parser::parse_runtime(source).unwrap_or_else(|(resource, _)| resource);
        let mut messages = HashMap::new();
        for entry in resource.body {
            let (name, value, attributes) = match entry {
                Entry::Message(message) => (message.id.name.to_owned(), message.value, message.attributes),
                Entry::Term(term) => (format!("-{}", term.id.name), Some(term.value), term.attributes),
                _ => continue,
            };
            for attribute in attributes {
                messages.insert(format!("{name}.{}", attribute.id.name), attribute.value);
            }
            if let Some(value) = value {
                messages.insert(name, value);
            }
        }
        Self { messages }
    }

    /// A message with its values; none if the file lacks it.
    pub fn message(&self, key: &str, values: &[(&str, Given)], conventions: &dyn Conventions) -> Option<String> {
        let mut written = String::new();
        let writer = Writer { translation: self, values, conventions };
        writer.pattern(self.messages.get(key)?, &mut written, DEPTH);
        Some(written)
    }

    /// Names of all messages and attributes.
    #[cfg(test)]
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.messages.keys().map(String::as_str)
    }

    /// What a message is made of.
    #[cfg(test)]
    pub fn pattern(&self, key: &str) -> Option<&Pattern<&'static str>> {
        self.messages.get(key)
    }
}

/// What a message is written with.
struct Writer<'a> {
    translation: &'a Translation,
    values: &'a [(&'a str, Given)],
    conventions: &'a dyn Conventions,
}

impl Writer<'_> {
    fn pattern(&self, pattern: &Pattern<&'static str>, written: &mut String, depth: usize) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => written.push_str(value),
                PatternElement::Placeable { expression: Expression::Inline(inline) } => {
                    self.inline(inline, written, depth);
                }
                PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                    if let Some(variant) = self.variant(selector, variants) {
                        self.pattern(&variant.value, written, depth);
                    }
                }
            }
        }
    }

    fn inline(&self, inline: &InlineExpression<&'static str>, written: &mut String, depth: usize) {
        let name = match inline {
            InlineExpression::StringLiteral { value } | InlineExpression::NumberLiteral { value } => {
                return written.push_str(value);
            }
            InlineExpression::VariableReference { id } => {
                // A value that is not given shows as itself, so that somebody sees it.
                return match self.value(id.name) {
                    Some(value) => written.push_str(&value.written(self.conventions)),
                    None => written.push_str(id.name),
                };
            }
            InlineExpression::MessageReference { id, attribute } => match attribute {
                Some(attribute) => format!("{}.{}", id.name, attribute.name),
                None => id.name.to_owned(),
            },
            InlineExpression::TermReference { id, .. } => format!("-{}", id.name),
            InlineExpression::Placeable { .. } | InlineExpression::FunctionReference { .. } => return,
        };
        if let Some(pattern) = self.translation.messages.get(&name).filter(|_| depth > 0) {
            self.pattern(pattern, written, depth - 1);
        }
    }

    /// The variant for a number's exact value, its plural or a word; else the one that is marked for all others.
    fn variant<'a>(
        &self,
        selector: &InlineExpression<&'static str>,
        variants: &'a [Variant<&'static str>],
    ) -> Option<&'a Variant<&'static str>> {
        let value = match selector {
            InlineExpression::VariableReference { id } => self.value(id.name),
            _ => None,
        };
        let exact = |variant: &&Variant<&'static str>| match (&variant.key, value) {
            (VariantKey::NumberLiteral { value: literal }, Some(Given::Number { value, .. })) => {
                literal.parse() == Ok(*value)
            }
            (VariantKey::Identifier { name }, Some(Given::Word(word))) => name == word,
            _ => false,
        };
        let plural = || {
            let Some(Given::Number { value, .. }) = value else { return None };
            let category = self.conventions.plural(*value);
            variants.iter().find(|variant| matches!(variant.key, VariantKey::Identifier { name } if name == category))
        };
        let other = || variants.iter().find(|variant| variant.default);
        variants.iter().find(exact).or_else(plural).or_else(other)
    }

    fn value(&self, name: &str) -> Option<&Given> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}
