//! Dates and times across the wire: what each of Python's serializers makes of them, and how a declared type gets
//! them back.
//!
//! Serpent and json have only texts for them, msgpack cannot say a time zone, marshal knows none at all. A method
//! that declares a `DateTime` takes what each of them has to offer. A Pyro5 program passes the `datetime` itself:
//!
//! ```python
//! clock = Pyro5.api.Proxy("PYRONAME:example.timezones")
//! clock.echo(datetime.now())                                  # '2024-02-29T13:14:15.678901', a text
//! clock.in_zone(datetime.now(timezone.utc), 9)                # '2024-02-29T22:14:15+09:00'
//! ```

use std::error::Error;

use ferropyro::{CallError, Client, Codec, Daemon, DateTime, RemoteError, Value, literal, remote};
use jiff::SignedDuration;
use jiff::civil::{date, time};
use jiff::tz::Offset;

/// Tells the time.
#[remote]
pub trait Clock {
    /// Gives back what it gets.
    async fn echo(&self, value: Value) -> Value;
    /// The same moment, as clocks show it so many hours east of Greenwich.
    async fn in_zone(&self, at: DateTime, hours: i8) -> Result<DateTime, ClockError>;
}

/// Why a time cannot be told.
#[derive(Debug, thiserror::Error, RemoteError)]
#[exception("ValueError")]
pub enum ClockError {
    /// A clock on some wall does not say which moment it is.
    #[error("{0} does not say in which zone")]
    Naive(DateTime),
    /// There is no such zone, or no such moment.
    #[error("there is no such time")]
    Range,
}

struct Greenwich;

impl Clock for Greenwich {
    async fn echo(&self, value: Value) -> Value {
        value
    }

    async fn in_zone(&self, at: DateTime, hours: i8) -> Result<DateTime, ClockError> {
        let offset = at.offset.ok_or(ClockError::Naive(at))?;
        let there = Offset::from_hours(hours).map_err(|_| ClockError::Range)?;
        let moment = offset.to_timestamp(at.civil).map_err(|_| ClockError::Range)?;
        Ok(DateTime { civil: there.to_datetime(moment), offset: Some(there) })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let daemon = Daemon::bind("127.0.0.1:0").await?;
    let served: ClockProxy = daemon.serve("example.timezones", Greenwich)?;
    let clock: ClockProxy = Client::new().lookup(served.uri()).await?;

    let civil = date(2024, 2, 29).at(13, 14, 15, 678_901_000);
    let amsterdam = DateTime { civil, offset: Some(Offset::constant(1)) };
    let naive = DateTime { civil, offset: None };
    let values = [
        ("a datetime", Value::DateTime(naive)),
        ("one with a zone", Value::DateTime(amsterdam)),
        ("a date", Value::Date(date(2024, 2, 29))),
        ("a time", Value::Time(time(13, 14, 15, 0))),
        ("a timedelta", Value::TimeDelta(SignedDuration::from_secs(5400))),
    ];
    let codecs = [Codec::Serpent, Codec::Json, Codec::Marshal, Codec::Msgpack];
    for (what, value) in values {
        println!("{what}, {}:", literal::repr(&value));
        for codec in codecs {
            // A proxy with another serializer shares the connection.
            match clock.with_codec(codec).echo(value.clone()).await {
                Ok(back) if back == value => println!("  {codec:<8} as it is"),
                Ok(back) => println!("  {codec:<8} a {}: {}", back.type_name(), literal::repr(&back)),
                Err(CallError::Encode(_)) => println!("  {codec:<8} not at all"),
                Err(other) => return Err(other.into()),
            }
        }
    }

    println!("{amsterdam} in Tokyo, of a method that declares its types:");
    for codec in codecs {
        match clock.with_codec(codec).in_zone(amsterdam, 9).await {
            Ok(tokyo) => println!("  {codec:<8} {tokyo}"),
            Err(error) => println!("  {codec:<8} {error}"),
        }
    }
    if let Err(CallError::Remote(refused)) = clock.in_zone(naive, 9).await {
        println!("refused: {refused}");
    }
    Ok(())
}
