//! Methods and objects that are bound to one thread.

use std::cell::Cell;
use std::rc::Rc;

use ferropyro::remote;

#[remote]
pub trait Counter {
    async fn count(&self) -> u32;
    async fn twice(&self) -> u32 { //~ future
        let held = Rc::new(1);
        let once = self.count().await;
        once + *held
    }
}

struct Held;

impl Counter for Held {
    async fn count(&self) -> u32 { //~ future returned by `count` is not `Send`
        let held = Rc::new(1);
        std::future::ready(()).await;
        *held
    }
}

struct Local(Cell<u32>);

impl Counter for Local { //~ `Cell<u32>` cannot be shared between threads safely
    async fn count(&self) -> u32 {
        self.0.get()
    }
}

struct Robot;

#[remote]
impl Robot {
    pub async fn walk(&self) -> u32 { //~ is not `Send`
        let held = Rc::new(1);
        std::future::ready(()).await;
        *held
    }
}

struct Wheel(Cell<u32>);

#[remote]
impl Wheel { //~ `Cell<u32>` cannot be shared between threads safely
    pub fn turn(&self) -> u32 {
        self.0.get()
    }
}

fn main() {}
