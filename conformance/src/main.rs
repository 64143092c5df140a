//! The conformance suite: the genuine Pyro4 and Pyro5 against Ferropyro, in both directions, as a grid.
//!
//! `conformance --python PATH [--filter TEXT] [--list]`; the exit code is 1 if any cell fails.

mod caller;
mod certificates;
mod column;
mod command;
mod expression;
#[cfg(test)]
mod features;
mod grid;
mod objects;
mod options;
mod peer;
mod pyro;
mod rows;
mod run;
mod show;
mod site;

use std::process::ExitCode;
use std::time::Instant;

use options::Options;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("conformance: {error}\n\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    let rows = rows::all(options.filter.as_deref());
    if options.list {
        for row in rows {
            println!("{}\n    {}", row.name, row.doc);
        }
        return ExitCode::SUCCESS;
    }
    let started = Instant::now();
    match run::run(&options, &rows) {
        Ok(grid) => {
            println!("{grid}\n({:.1} s)", started.elapsed().as_secs_f64());
            let (_, failed, _) = grid.counts();
            ExitCode::from(u8::from(failed > 0))
        }
        Err(error) => {
            eprintln!("conformance: {error}");
            ExitCode::from(1)
        }
    }
}
