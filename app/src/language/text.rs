//! Something to say, in whichever language the page is in when it is shown: a message's key with its values.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex};

use leptos::prelude::{IntoAttributeValue, IntoRender};
use protocol::Why;

use super::choice;
use super::translation::Given;

/// A text on screen. In a view and as an attribute it follows the language by itself; elsewhere [`Text::written`] reads it.
#[derive(Clone, Debug, PartialEq)]
pub enum Text {
    /// A message of the language's file.
    Message {
        /// Its key; an attribute's is after a point.
        key: Cow<'static, str>,
        /// What goes into it.
        values: Vec<(&'static str, Value)>,
    },
    /// What is the same in all languages.
    Verbatim(String),
    /// What a reader of files says: in English where the language has no words for it.
    Said(Why),
}

/// What goes into a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number or a word.
    Given(Given),
    /// Another text.
    Text(Box<Text>),
}

impl Text {
    /// A message without values, by a key that is made up.
    pub fn keyed(key: String) -> Self {
        Self::Message { key: Cow::Owned(key), values: Vec::new() }
    }

    /// A message with its values; what [`text!`] makes.
    pub fn message(key: &'static str, values: Vec<(&'static str, Value)>) -> Self {
        Self::Message { key: Cow::Borrowed(key), values }
    }

    /// Its message's key; none of a text that is in no file.
    pub fn key(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Message { key, .. } => Some(key.clone()),
            Self::Verbatim(_) | Self::Said(_) => None,
        }
    }

    /// The sentence within it that is in English although the page is not.
    pub fn english(&self) -> Option<String> {
        match self {
            Self::Message { values, .. } => values.iter().find_map(|(_, value)| match value {
                Value::Text(text) => text.english(),
                Value::Given(_) => None,
            }),
            Self::Verbatim(_) => None,
            Self::Said(why) => choice::is_foreign(why).then(|| why.english.clone()),
        }
    }

    /// The text in the language of the page. Who reads it in an effect or a view follows the language.
    pub fn written(&self) -> String {
        match self {
            Self::Message { key, values } => {
                let given: Vec<_> = values.iter().map(|(name, value)| (*name, value.given())).collect();
                choice::look_up(key, &given)
            }
            Self::Verbatim(text) => text.clone(),
            Self::Said(why) => choice::said_by_reader(why),
        }
    }
}

impl Value {
    /// A number with so many digits behind the point.
    pub fn fixed(value: impl Into<f64>, digits: usize) -> Self {
        Self::Given(Given::Number { value: value.into(), digits })
    }

    fn given(&self) -> Given {
        match self {
            Self::Given(given) => given.clone(),
            Self::Text(text) => Given::Word(text.written()),
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Verbatim(text)
    }
}

impl From<Why> for Text {
    fn from(why: Why) -> Self {
        Self::Said(why)
    }
}

impl From<&Why> for Text {
    fn from(why: &Why) -> Self {
        Self::Said(why.clone())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Verbatim(text.into())
    }
}

impl<T: Into<Given>> From<T> for Value {
    fn from(given: T) -> Self {
        Self::Given(given.into())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Text(Box::new(text))
    }
}

/// What leptos draws anew by itself; one type for all texts, so that each costs the page only its key.
type Live = Arc<Mutex<dyn FnMut() -> String + Send>>;

impl IntoRender for Text {
    type Output = Live;

    fn into_render(self) -> Live {
        Arc::new(Mutex::new(move || self.written()))
    }
}

impl IntoAttributeValue for Text {
    type Output = Live;

    fn into_attribute_value(self) -> Live {
        self.into_render()
    }
}

/// A [`Text`] by its key, with its values: `text!("reading", count = 3, name)`.
macro_rules! text {
    ($key:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::language::Text::message(
            $key,
            vec![$((stringify!($name), $crate::language::text!(@value $name $(= $value)?))),*],
        )
    };
    (@value $name:ident = $value:expr) => { $crate::language::Value::from($value) };
    (@value $name:ident) => { $crate::language::Value::from($name) };
}
pub(crate) use text;
