//! Objects that do not implement the trait.

use ferropyro::{Client, Daemon, Instances, remote};

#[remote]
pub trait Greeter {
    async fn hello(&self) -> String;
}

pub struct Robot;

#[remote]
impl Robot {
    pub async fn walk(&self) {}
}

struct Rude;

pub async fn serve(daemon: &Daemon) -> ferropyro::Result<()> {
    let _: GreeterProxy = daemon.serve("rude", Rude)?; //~ `Greeter` is not implemented for `Rude`
    GreeterProxy::serve(daemon, "rude", Instances::per_session(|| Rude))?; //~ `Instances<Rude>` cannot be served as the object of a `GreeterProxy`
    let _ = GreeterProxy::local(Rude); //~ `Greeter` is not implemented for `Rude`
    let _: GreeterProxy = Client::new().export(Rude)?; //~ `Greeter` is not implemented for `Rude`
    let _: GreeterProxy = daemon.export(Rude)?; //~ `Greeter` is not implemented for `Rude`
    let _: RobotProxy = daemon.export(Rude)?; //~ `Rude` cannot be served as the object of a `RobotProxy`
    Ok(())
}

fn main() {}
