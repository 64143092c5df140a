//! A chapter of the guide: its blocks of code, and which of them make a program together.
//!
//! A chapter has no lines that only tests need, so that all of it can be read and copied. Instead:
//!
//! - A Rust block with a `main` is a program, together with the blocks without one before it. A rule (`---`)
//!   begins anew. A program that waits for ever is `rust,no_run`; one that calls what the genuine Pyro serves is
//!   `rust,client`.
//! - Python blocks call the objects of the program before them, or where there is none of the next one, and
//!   print the text block that follows. So such a program calls its daemon `daemon`, its name server, if it has
//!   one, `name_server`, and ends with `Ok(())`.
//! - A Python block `python server Greeter` is the class `Greeter` as the genuine Pyro serves it, under the id
//!   `greeter`: what calls the program's objects, calls it too, and prints the same.

use std::fmt::Write as _;

/// A block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The line of its opening fence, counted from 1.
    pub line: usize,
    /// What stands behind the fence: `python server Greeter`.
    pub info: String,
    /// The code.
    pub code: String,
}

impl Block {
    /// The language: `python`.
    #[must_use]
    pub fn language(&self) -> &str {
        self.info.split([' ', ',']).next().unwrap_or_default()
    }

    /// The class that the block is to serve, if it is a server.
    #[must_use]
    pub fn served_class(&self) -> Option<&str> {
        self.info.strip_prefix("python server ")
    }

    /// Rust code with a `main`.
    fn is_program(&self) -> bool {
        self.language() == "rust" && self.code.contains("fn main()")
    }

    /// Rust code that is part of the programs after it.
    fn is_part(&self) -> bool {
        self.info == "rust" && !self.is_program()
    }

    fn is_python_caller(&self) -> bool {
        self.info == "python"
    }
}

/// The blocks of a chapter; `None` in their midst for a rule.
fn pieces(chapter: &str) -> Vec<Option<Block>> {
    let mut pieces = Vec::new();
    let mut open: Option<Block> = None;
    for (line, text) in (1..).zip(chapter.lines()) {
        match (&mut open, text.strip_prefix("```")) {
            (None, Some(info)) => open = Some(Block { line, info: info.to_owned(), code: String::new() }),
            (Some(_), Some(_)) => pieces.push(open.take()),
            (Some(block), None) => {
                block.code.push_str(text);
                block.code.push('\n');
            }
            (None, None) if text == "---" => pieces.push(None),
            (None, None) => {}
        }
    }
    pieces
}

/// The blocks of a chapter.
#[must_use]
pub fn blocks(chapter: &str) -> Vec<Block> {
    pieces(chapter).into_iter().flatten().collect()
}

/// The Python block at a line, and what it prints: the text block right after it.
#[must_use]
pub fn python_block(chapter: &str, line: usize) -> Option<(Block, String)> {
    let mut blocks = blocks(chapter).into_iter().skip_while(|block| block.line != line);
    let python = blocks.next()?;
    let printed = blocks.next().filter(|next| next.info == "text")?;
    Some((python, printed.code))
}

/// A chapter in which each program is whole, and runs its Python.
///
/// # Errors
/// A block that no test would run; the text begins with the chapter's name and the line.
pub fn as_tests(name: &str, chapter: &str) -> Result<String, String> {
    let pieces = pieces(chapter);
    let mut out = String::new();
    for program in pieces.split(Option::is_none) {
        let program: Vec<&Block> = program.iter().flatten().collect();
        tests_of_program(name, &program, &mut out).map_err(|fault| format!("{name}:{fault}"))?;
    }
    Ok(out)
}

/// The blocks between two rules.
fn tests_of_program(name: &str, blocks: &[&Block], out: &mut String) -> Result<(), String> {
    let server = blocks.iter().find(|block| block.served_class().is_some()).map(|block| block.line);
    let mut parts = String::new();
    for (index, block) in blocks.iter().enumerate() {
        if block.is_part() {
            if !blocks[index..].iter().any(|block| block.is_program()) {
                return Err(format!("{}: this belongs to no program", block.line));
            }
            block.code.lines().for_each(|line| parts.push_str(&format!("# {line}\n")));
        } else if block.is_python_caller() && owner(blocks, index).is_none() {
            return Err(format!("{}: there is no program that this calls", block.line));
        } else if block.is_program() {
            let callers: Vec<usize> = (0..blocks.len())
                .filter(|other| blocks[*other].is_python_caller() && owner(blocks, *other) == Some(index))
                .map(|other| blocks[other].line)
                .collect();
            let code = match (&*block.info, server) {
                ("rust,client", Some(server)) => of_genuine(name, block, server)?,
                _ if callers.is_empty() => block.code.clone(),
                _ => with_python(name, block, &callers, server)?,
            };
            let info = block.info.trim_end_matches(",client");
            let _ = writeln!(out, "Line {}:\n\n```{info}\n{parts}{code}```\n", block.line);
        }
    }
    Ok(())
}

/// The program that runs a Python block: the last one before it, else the first after it.
fn owner(blocks: &[&Block], python: usize) -> Option<usize> {
    let runs = |index: &usize| blocks[*index].info == "rust" && blocks[*index].is_program();
    (0..python).rev().find(runs).or_else(|| (python..blocks.len()).find(runs))
}

/// A program that has its Python run at the end.
fn with_python(
    name: &str,
    program: &Block,
    callers: &[usize],
    server: Option<usize>,
) -> Result<String, String> {
    const END: &str = "\n    Ok(())\n}";
    let Some((before, after)) = program.code.rsplit_once(END) else {
        return Err(format!("{}: a program that Python calls ends with Ok(())", program.line));
    };
    let names =
        if program.code.contains("let name_server") { "Some(name_server.location())" } else { "None" };
    Ok(format!(
        "{before}\n    ferropyro_examples::python::check({name:?}, &{callers:?}, {server:?}, daemon.location(), \
         {names}); Ok(())\n}}{after}"
    ))
}

/// A program that calls the genuine server; it does nothing where there is none.
fn of_genuine(name: &str, program: &Block, server: usize) -> Result<String, String> {
    const MAIN: &str = "async fn main() -> ferropyro::Result<()> {";
    const LOOKUP: &str = "lookup(\"PYRO:";
    const ADDRESS: &str = "@127.0.0.1:43210\")";
    let Program { before, id, after } = program
        .code
        .split_once(LOOKUP)
        .and_then(|(before, rest)| rest.split_once(ADDRESS).map(|(id, after)| Program { before, id, after }))
        .filter(|parts| parts.before.contains(MAIN))
        .ok_or_else(|| format!("{}: `{MAIN}` that calls `{LOOKUP}..{ADDRESS}`", program.line))?;
    let serve = format!(
        "{MAIN} let Some(genuine) = ferropyro_examples::python::serve({name:?}, {server}) else {{ return Ok(()) }};"
    );
    let before = before.replace(MAIN, &serve);
    Ok(format!("{before}lookup(format!(\"PYRO:{id}@{{}}\", genuine.address())){after}"))
}

/// A program around the address that it calls.
struct Program<'a> {
    before: &'a str,
    id: &'a str,
    after: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &str = "```python server A\nclass A:\n    pass\n```\n";
    const PART: &str = "```rust\nstruct A;\n```\n";
    const PROGRAM: &str = "```rust\nfn main() -> R {\n    Ok(())\n}\n```\n";
    const PYTHON: &str = "```python\nprint(1)\n```\n```text\n1\n```\n";

    #[test]
    fn a_program_has_the_parts_before_it_and_runs_the_python_around_it() {
        let tests = as_tests("a.md", &[SERVER, PART, PROGRAM, PYTHON].concat()).unwrap();
        assert!(tests.contains("```rust\n# struct A;\nfn main() -> R {\n"), "{tests}");
        assert!(
            tests.contains("check(\"a.md\", &[13], Some(1), daemon.location(), None); Ok(())\n}"),
            "{tests}"
        );
        let before = as_tests("a.md", &[PYTHON, PROGRAM].concat()).unwrap();
        assert!(before.contains("check(\"a.md\", &[1], None, "), "{before}");
    }

    #[test]
    fn a_rule_begins_another_program() {
        let tests = as_tests("a.md", &[PART, PROGRAM, "---\n", PROGRAM].concat()).unwrap();
        assert_eq!(tests.matches("fn main").count(), 2);
        assert_eq!(tests.matches("# struct A;").count(), 1);
    }

    #[test]
    fn what_no_test_would_run_is_refused() {
        assert_eq!(as_tests("a.md", PART), Err("a.md:1: this belongs to no program".to_owned()));
        assert_eq!(as_tests("a.md", PYTHON), Err("a.md:1: there is no program that this calls".to_owned()));
        let endless = "```rust\nfn main() {\n    loop {}\n}\n```\n";
        let fault = as_tests("a.md", &[endless, PYTHON].concat()).unwrap_err();
        assert_eq!(fault, "a.md:1: a program that Python calls ends with Ok(())");
    }

    #[test]
    fn a_client_calls_the_genuine_server_where_it_is() {
        let client = "```rust,client\nasync fn main() -> ferropyro::Result<()> {\n    \
                      x.lookup(\"PYRO:a@127.0.0.1:43210\").await\n}\n```\n";
        let tests = as_tests("a.md", &[SERVER, client].concat()).unwrap();
        assert!(tests.contains("x.lookup(format!(\"PYRO:a@{}\", genuine.address())).await"), "{tests}");
    }
}
