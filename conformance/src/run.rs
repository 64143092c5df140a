//! Runs the rows in all columns: the two genuine Pyros at the same time, the columns of each one by one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;

use ferropyro::Codec;

use crate::caller::{GenuineCaller, OurCaller};
use crate::column::Column;
use crate::grid::{Cell, Grid, Heading};
use crate::options::Options;
use crate::peer::Python;
use crate::pyro::{Direction, Pyro};
use crate::rows::Row;
use crate::site::Site;

/// Runs the rows.
///
/// # Errors
/// Nothing could be run at all: there is no genuine Pyro, or a daemon does not start.
pub(crate) fn run(options: &Options, rows: &[Row]) -> Result<Grid, String> {
    let python = Python {
        interpreter: options.python.clone().unwrap_or_default(),
        scripts: Path::new(env!("CARGO_MANIFEST_DIR")).join("python"),
    };
    python.check()?;
    let grid = Mutex::new(Grid::new(rows.iter().map(|row| row.name).collect()));
    let wanted = |heading: &Heading| {
        options.column.as_ref().is_none_or(|text| {
            heading.to_string().contains(text.as_str()) || heading.codec.name().contains(text.as_str())
        })
    };
    thread::scope(|scope| {
        let (python, wanted, grid) = (&python, &wanted, &grid);
        let sites: Vec<_> = Pyro::ALL
            .into_iter()
            .filter(|pyro| Heading::all().iter().any(|heading| heading.pyro == *pyro && wanted(heading)))
            .map(|pyro| (pyro, scope.spawn(move || run_site(pyro, python, rows, wanted, grid))))
            .collect();
        for (pyro, site) in sites {
            site.join()
                .unwrap_or_else(|_| Err("a row panicked".to_owned()))
                .map_err(|e| format!("Pyro{pyro}: {e}"))?;
        }
        Ok::<(), String>(())
    })?;
    Ok(grid.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn run_site(
    pyro: Pyro,
    python: &Python,
    rows: &[Row],
    wanted: &impl Fn(&Heading) -> bool,
    grid: &Mutex<Grid>,
) -> Result<(), String> {
    // All callers load their modules while the daemons start.
    let callers: Vec<_> = Codec::ALL
        .into_iter()
        .filter(|codec| {
            Direction::ALL
                .iter()
                .any(|direction| wanted(&Heading { pyro, direction: *direction, codec: *codec }))
        })
        .map(|codec| {
            let arguments = ["--pyro", &pyro.to_string(), "--serializer", codec.name()];
            (codec, python.start("client.py", &arguments))
        })
        .collect();
    let site = Site::start(pyro, python)?;
    for (codec, caller) in callers {
        let (peer, _) = caller?.ready()?;
        let mut genuine = GenuineCaller::new(peer);
        for direction in Direction::ALL {
            let heading = Heading { pyro, direction, codec };
            if !wanted(&heading) {
                continue;
            }
            let mut ours = OurCaller::new(pyro, codec)?;
            let target = site.target(direction, &mut genuine)?;
            for row in rows.iter().filter(|row| row.across || direction != Direction::Bridge) {
                ours.forget();
                let cell = catch_unwind(AssertUnwindSafe(|| {
                    let mut column = Column::new(&site, heading, target.clone(), &mut genuine, &mut ours);
                    let verdict = (row.run)(&mut column);
                    column.cell(verdict)
                }));
                let cell = cell.unwrap_or_else(|_| Some(Cell::Fail(vec!["the row panicked".to_owned()])));
                if let Some(cell) = cell {
                    grid.lock().unwrap_or_else(PoisonError::into_inner).set(row.name, heading, cell);
                }
            }
        }
    }
    Ok(())
}
