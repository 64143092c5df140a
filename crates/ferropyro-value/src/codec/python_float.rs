//! Floats as Python's `repr` writes them: the shortest digits that read back as the same double, laid out
//! as `1.5`, `100.0`, `1e+16`, `1.5e-05`, `nan`, `inf`.
//!
//! Not for floats in other alphabets: json's `NaN` and serpent's `1e30000` are their codecs' business.

use std::io::Write;

/// Appends the float.
pub(crate) fn write(out: &mut Vec<u8>, number: f64) {
    let size = number.abs();
    if (1e-4..1e16).contains(&size) || size == 0.0 {
        out.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
    } else if number.is_finite() {
        write_scientific(out, number);
    } else {
        out.extend_from_slice(match number {
            f64::INFINITY => b"inf".as_slice(),
            f64::NEG_INFINITY => b"-inf",
            _ => b"nan",
        });
    }
}

/// Python says the exponent's sign and at least two digits of it; Rust says `1e16`, `1.5e-5`.
fn write_scientific(out: &mut Vec<u8>, number: f64) {
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    // Writing into a vector cannot fail.
    let _ = write!(out, "{digits}e{sign}{exponent:0>2}");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    fn repr(number: f64) -> String {
        let mut out = Vec::new();
        super::write(&mut out, number);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn floats_look_as_python_prints_them() {
        for (number, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e-4, "0.0001"),
            (0.000_123, "0.000123"),
            (9.999e-5, "9.999e-05"),
            (1e-5, "1e-05"),
            (-2.5e-9, "-2.5e-09"),
            (1e15, "1000000000000000.0"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1e16, "1e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (1e22, "1e+22"),
            (1e23, "1e+23"),
            (1e100, "1e+100"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(repr(number), text);
        }
    }

    proptest! {
        #[test]
        fn every_finite_float_reads_back_as_itself(bits: u64) {
            let number = f64::from_bits(bits);
            prop_assume!(number.is_finite());
            prop_assert_eq!(repr(number).parse::<f64>().unwrap().to_bits(), bits);
        }
    }
}
