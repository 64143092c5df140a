//! [`Arguments`]: what a method is given, on either side of a call, and the [`args!`](crate::args) macro.

mod bind;

use ferropyro_value::{Dict, Value};

/// Positional and keyword arguments: those of a call to make, or of a call that a served method answers.
///
/// A caller makes them with [`args!`](crate::args), a tuple, or `()`. A method takes them apart with
/// [`bind`](Self::bind), or passes them on as they are.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// In the order of the method's parameters.
    pub positional: Vec<Value>,
    /// By the names of the method's parameters.
    pub keyword: Dict,
    /// Whose they are, for messages; empty where that is not known.
    method: String,
}

impl Arguments {
    /// Arguments for a method; its name appears in what [`bind`](Self::bind) says, and nowhere else.
    #[must_use]
    pub fn new(method: impl Into<String>, positional: Vec<Value>, keyword: Dict) -> Self {
        Self { positional, keyword, method: method.into() }
    }

    /// The positional and the keyword arguments.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Value>, Dict) {
        (self.positional, self.keyword)
    }

    /// The name of the method whose arguments these are; empty where a caller made them.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }
}

impl PartialEq for Arguments {
    /// Whether the values are the same, whichever method they are for.
    fn eq(&self, other: &Self) -> bool {
        self.positional == other.positional && self.keyword == other.keyword
    }
}

impl Eq for Arguments {}

impl From<()> for Arguments {
    fn from((): ()) -> Self {
        Self::default()
    }
}

impl From<Vec<Value>> for Arguments {
    fn from(positional: Vec<Value>) -> Self {
        Self { positional, ..Self::default() }
    }
}

macro_rules! from_tuple {
    ($(($($name:ident),+))*) => {$(
        impl<$($name: Into<Value>),+> From<($($name,)+)> for Arguments {
            #[expect(non_snake_case, reason = "the type parameters name the fields")]
            fn from(($($name,)+): ($($name,)+)) -> Self {
                vec![$($name.into()),+].into()
            }
        }
    )*};
}
from_tuple!((A)(A, B)(A, B, C)(A, B, C, D)(A, B, C, D, E)(A, B, C, D, E, F));

/// The [`Arguments`](crate::Arguments) of a call, as Python writes them: `args![1, "two", b = 3]`.
///
/// Each is anything that turns into a [`Value`](crate::Value). Keyword arguments come last.
#[macro_export]
macro_rules! args {
    (@parse $args:ident;) => {};
    (@parse $args:ident; $name:ident = $value:expr $(, $($rest:tt)*)?) => {
        $args.keyword.insert(::std::stringify!($name), $value);
        $crate::args!(@parse $args; $($($rest)*)?);
    };
    (@parse $args:ident; $value:expr $(, $($rest:tt)*)?) => {
        $args.positional.push($crate::Value::from($value));
        $crate::args!(@parse $args; $($($rest)*)?);
    };
    () => { $crate::Arguments::default() };
    ($($all:tt)+) => {{
        let mut arguments = $crate::Arguments::default();
        $crate::args!(@parse arguments; $($all)+);
        arguments
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn args_take_positions_and_names() {
        let arguments = args![1, "two", None::<i64>, b = 3, c = "x",];
        assert_eq!(arguments.positional, [Value::Int(1), Value::from("two"), Value::None]);
        assert_eq!(arguments.keyword, [("b", Value::Int(3)), ("c", Value::from("x"))].into_iter().collect());
        assert_eq!(args![], Arguments::from(()));
        assert_eq!(args![1, 2.5], (1, 2.5).into());
    }
}
