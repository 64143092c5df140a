//! The command line.

use std::path::PathBuf;

pub(crate) const USAGE: &str = "\
usage: conformance --python PATH [--filter TEXT] [--column TEXT] [--list]
  --python PATH   a Python with the genuine Pyro4 and Pyro5 (cargo xtask venv makes one)
  --filter TEXT   only rows with this in their name
  --column TEXT   only columns with this in their heading, such as `5 serve` or `json`
  --list          the rows, without running them";

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) python: Option<PathBuf>,
    pub(crate) filter: Option<String>,
    pub(crate) column: Option<String>,
    pub(crate) list: bool,
}

impl Options {
    pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--python" => options.python = Some(value()?.into()),
                "--filter" => options.filter = Some(value()?),
                "--column" => options.column = Some(value()?),
                "--list" => options.list = true,
                _ => return Err(format!("there is no option {word}")),
            }
        }
        if options.python.is_none() && !options.list {
            return Err("--python is needed".to_owned());
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Options, String> {
        Options::parse(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn a_python_is_needed_to_run_and_not_to_list() {
        assert!(parse(&["--list"]).expect("listing needs nothing").list);
        assert!(parse(&["--filter", "batch"]).is_err());
        let options = parse(&["--python", "python3", "--filter", "batch"]).expect("all is said");
        assert_eq!(options.filter.as_deref(), Some("batch"));
        assert!(parse(&["--python"]).is_err());
        assert!(parse(&["--pythn"]).is_err());
    }
}
