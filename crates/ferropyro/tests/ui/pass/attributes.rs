//! Attributes of an object: read only, set only, both, and such as may fail.

use std::sync::Mutex;

use ferropyro::{Exception, remote};

#[remote]
pub trait Lamp {
    /// How bright it is, from 0 to 100.
    #[attr]
    async fn brightness(&self) -> u8;

    #[attr(set)]
    async fn set_brightness(&self, brightness: u8) -> Result<(), Exception>;

    #[attr]
    fn colour(&self) -> Result<String, Exception>;

    #[attr(set)]
    fn set_password(&self, password: String);

    #[attr]
    #[name("isOn")]
    async fn is_on(&self) -> bool;

    #[attr(set)]
    #[name("isOn")]
    async fn switch(&self, on: bool);
}

struct Bulb {
    brightness: Mutex<u8>,
}

impl Lamp for Bulb {
    async fn brightness(&self) -> u8 {
        *self.brightness.lock().unwrap()
    }

    async fn set_brightness(&self, brightness: u8) -> Result<(), Exception> {
        if brightness > 100 {
            return Err(Exception::new("ValueError", "more than all"));
        }
        *self.brightness.lock().unwrap() = brightness;
        Ok(())
    }

    fn colour(&self) -> Result<String, Exception> {
        Ok("warm".to_owned())
    }

    fn set_password(&self, _: String) {}

    async fn is_on(&self) -> bool {
        *self.brightness.lock().unwrap() > 0
    }

    async fn switch(&self, on: bool) {
        *self.brightness.lock().unwrap() = if on { 100 } else { 0 };
    }
}

#[test]
fn attributes_are_methods_of_the_proxy() -> ferropyro::Result<()> {
    let lamp = LampProxy::local(Bulb { brightness: Mutex::new(0) });
    lamp.set_brightness(30).wait()?;
    lamp.set_password("secret").wait()?;
    lamp.switch(true).wait()?;
    assert!(lamp.is_on().wait()?);
    assert_eq!(lamp.brightness().wait()?, 100);
    assert_eq!(lamp.colour().wait()?, "warm");
    Ok(())
}
