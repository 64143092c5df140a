//! Binding [`Arguments`] to the parameters of a method, as Python binds them.

use ferropyro_value::call::{BindError, Parameters, Signature, bind_values};
use ferropyro_value::{Dict, Exception, Value};

use super::Arguments;

impl Arguments {
    /// Binds the arguments to parameters that must all be given.
    ///
    /// ```
    /// # use ferropyro::{Arguments, Dict, Value};
    /// let call = Arguments::new("add", vec![Value::from(1)], [("b", 2)].into_iter().collect());
    /// let [a, b] = call.bind(["a", "b"])?;
    /// assert_eq!((a, b), (Value::from(1), Value::from(2)));
    /// # Ok::<(), ferropyro::Exception>(())
    /// ```
    ///
    /// # Errors
    /// A `TypeError` in Python's words: an argument is missing, there are too many, a keyword is unknown, or
    /// a parameter is given twice.
    pub fn bind<const N: usize>(self, names: [&str; N]) -> Result<[Value; N], Exception> {
        self.bind_optional(names, []).map(|(required, [])| required)
    }

    /// Binds the arguments to parameters that must all be given, as Rust types: a tuple with one for each.
    ///
    /// ```
    /// # use ferropyro::{Arguments, Value};
    /// let call = Arguments::new("add", vec![Value::from(1)], [("b", 2)].into_iter().collect());
    /// let (a, b): (i64, i64) = call.bind_as(["a", "b"])?;
    /// assert_eq!(a + b, 3);
    /// # Ok::<(), ferropyro::Exception>(())
    /// ```
    ///
    /// # Errors
    /// As [`bind`](Self::bind); also a `TypeError` when an argument is of another type.
    pub fn bind_as<T: Parameters, const N: usize>(self, names: [&str; N]) -> Result<T, Exception> {
        let Self { method, positional, keyword } = self;
        let signature = Signature::new(&method, &names, &[]);
        let bound = bind_values::<T, ()>(&signature, positional, keyword);
        bound.map(|(arguments, ())| arguments).map_err(|error| signature.exception(&error))
    }

    /// Binds the arguments to parameters of which the last ones may be left out.
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub fn bind_optional<const N: usize, const M: usize>(
        self,
        required: [&str; N],
        optional: [&str; M],
    ) -> Result<([Value; N], [Option<Value>; M]), Exception> {
        let Self { method, positional, keyword } = self;
        let signature = Signature::new(&method, &required, &optional);
        let mut places = into_places(&signature, positional, keyword)
            .map_err(|error| signature.exception(&error))?
            .into_iter();
        let found = required.map(|_| places.next().flatten().unwrap_or_default());
        Ok((found, optional.map(|_| places.next().flatten())))
    }
}

/// One place for each parameter; only those of the optional ones may be empty.
fn into_places(
    signature: &Signature<'_>,
    positional: Vec<Value>,
    mut keyword: Dict,
) -> Result<Vec<Option<Value>>, BindError> {
    let Signature { required, optional, .. } = signature;
    if positional.len() > required.len() + optional.len() {
        return Err(BindError::TooMany(positional.len()));
    }
    let mut positional = positional.into_iter();
    let mut places = Vec::with_capacity(required.len() + optional.len());
    for name in required.iter().chain(*optional) {
        places.push(match (positional.next(), keyword.remove(name)) {
            (Some(_), Some(_)) => return Err(BindError::Twice((*name).to_owned())),
            (given, named) => given.or(named),
        });
    }
    if let Some(name) = keyword.keys().next() {
        return Err(BindError::Unknown(name.as_str().unwrap_or_else(|| name.type_name()).to_owned()));
    }
    let missing = required.iter().zip(&places).filter(|(_, place)| place.is_none());
    let missing: Vec<_> = missing.map(|(name, _)| (*name).to_owned()).collect();
    if missing.is_empty() { Ok(places) } else { Err(BindError::Missing(missing)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(positional: &[i64], keyword: &[(&str, i64)]) -> Arguments {
        let positional = positional.iter().map(|number| Value::from(*number)).collect();
        Arguments::new("register", positional, keyword.iter().copied().collect())
    }

    fn text<T: std::fmt::Debug>(outcome: Result<T, Exception>) -> String {
        let error = outcome.expect_err("binding fails");
        assert_eq!(error.class(), "builtins.TypeError");
        error.message()
    }

    #[test]
    fn positional_and_keyword_arguments_find_their_parameters() {
        let (required, optional) = call(&[1], &[("uri", 2), ("safe", 3)])
            .bind_optional(["name", "uri"], ["metadata", "safe"])
            .expect("all are known");
        assert_eq!(required, [Value::from(1), Value::from(2)]);
        assert_eq!(optional, [None, Some(Value::from(3))]);
    }

    #[test]
    fn a_missing_argument_is_named_as_python_does() {
        assert_eq!(
            text(call(&[], &[("b", 1)]).bind(["a", "b"])),
            "register() missing 1 required positional argument: 'a'"
        );
        assert_eq!(
            text(call(&[], &[]).bind(["a", "b", "c"])),
            "register() missing 3 required positional arguments: 'a', 'b', and 'c'"
        );
        assert_eq!(
            text(call(&[], &[]).bind(["a", "b"])),
            "register() missing 2 required positional arguments: 'a' and 'b'"
        );
    }

    #[test]
    fn too_many_arguments_are_counted() {
        assert_eq!(
            text(call(&[1, 2], &[]).bind(["a"])),
            "register() takes 1 positional argument but 2 were given"
        );
        assert_eq!(text(call(&[1], &[]).bind([])), "register() takes 0 positional arguments but 1 was given");
        assert_eq!(
            text(call(&[1, 2, 3], &[]).bind_optional(["a"], ["b"])),
            "register() takes from 1 to 2 positional arguments but 3 were given"
        );
    }

    #[test]
    fn arguments_of_no_method_in_particular_name_none() {
        let error = Arguments::from(()).bind(["a"]);
        assert_eq!(text(error), "missing 1 required positional argument: 'a'");
    }

    #[test]
    fn an_unknown_keyword_and_a_parameter_given_twice_are_named() {
        assert_eq!(
            text(call(&[1], &[("a", 2)]).bind(["a"])),
            "register() got multiple values for argument 'a'"
        );
    }
}
