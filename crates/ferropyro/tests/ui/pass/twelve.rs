//! As many parameters as there can be.

use ferropyro::remote;

#[remote]
#[allow(clippy::too_many_arguments)]
pub trait Twelve {
    async fn all(
        &self,
        a: u8,
        b: i8,
        c: u16,
        d: i16,
        e: u32,
        f: i32,
        g: u64,
        h: i64,
        i: f32,
        j: f64,
        k: bool,
        l: String,
    ) -> String;

    async fn half(
        &self,
        a: u8,
        b: u8,
        c: u8,
        d: u8,
        e: u8,
        f: u8,
        #[default] g: u8,
        #[default] h: u8,
        #[default] i: u8,
        #[default] j: u8,
        #[default] k: u8,
        #[default(k + 1)] l: u8,
    ) -> u8;
}

struct Sum;

impl Twelve for Sum {
    async fn all(
        &self,
        a: u8,
        b: i8,
        c: u16,
        d: i16,
        e: u32,
        f: i32,
        g: u64,
        h: i64,
        i: f32,
        j: f64,
        k: bool,
        l: String,
    ) -> String {
        format!("{a}{b}{c}{d}{e}{f}{g}{h}{i}{j}{k}{l}")
    }

    async fn half(
        &self,
        a: u8,
        b: u8,
        c: u8,
        d: u8,
        e: u8,
        f: u8,
        g: u8,
        h: u8,
        i: u8,
        j: u8,
        k: u8,
        l: u8,
    ) -> u8 {
        a + b + c + d + e + f + g + h + i + j + k + l
    }
}

#[test]
fn twelve_parameters_are_not_too_many() -> ferropyro::Result<()> {
    let sum = TwelveProxy::local(Sum);
    assert_eq!(sum.all(1, 2, 3, 4, 5, 6, 7, 8, 9.5, 0.5, true, "l").wait()?, "123456789.50.5truel");
    assert_eq!(sum.half(1, 1, 1, 1, 1, 1).arg("l", 4).wait()?, 10);
    Ok(())
}
