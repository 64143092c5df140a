//! The ids of bridged objects: an address, written so that it can stand in another address.

use ferropyro::{Uri, UriKind};

/// What the ids of bridged objects begin with.
const PREFIX: &str = "bridge/";

/// The id for the object at an address; `None` where the address names no object.
pub(crate) fn encode(uri: &Uri) -> Option<String> {
    let UriKind::Object(object) = uri.kind() else { return None };
    let address = format!("{object}@{}", uri.location()?);
    let mut id = PREFIX.to_owned();
    for c in address.chars() {
        // What ends an id in an address, or is the mark itself.
        match c {
            '%' | '@' => id.push_str(&format!("%{:02x}", u32::from(c))),
            c if c.is_whitespace() || c == '\0' => id.push_str(&format!("%{:02x}", u32::from(c))),
            c => id.push(c),
        }
    }
    Some(id)
}

/// The address that an id stands for; `None` for an id that is none of a bridge.
pub(crate) fn decode(id: &str) -> Option<Uri> {
    let mut parts = id.strip_prefix(PREFIX)?.split('%');
    let mut address = parts.next()?.to_owned();
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        address.push(char::from(u8::from_str_radix(code, 16).ok()?));
        address.push_str(rest);
    }
    let uri: Uri = format!("PYRO:{address}").parse().ok()?;
    matches!(uri.kind(), UriKind::Object(_)).then_some(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stands_for_the_address_that_it_was_made_from() {
        for address in
            ["PYRO:robot@lab:7766", "PYRO:a%b@[::1]:9", "PYRO:obj_12@./u:/tmp/a b", "PYRO:x@./u:\0abstract"]
        {
            let uri: Uri = address.parse().unwrap();
            let id = encode(&uri).unwrap();
            assert!(!id.contains(['@', ' ', '\0']), "{id}");
            assert_eq!(decode(&id), Some(uri), "{id}");
        }
        assert_eq!(encode(&"PYRO:robot@lab:7766".parse().unwrap()).unwrap(), "bridge/robot%40lab:7766");
        assert_eq!(encode(&"PYRONAME:robot".parse().unwrap()), None);
    }

    #[test]
    fn what_is_no_id_of_a_bridge_stands_for_nothing() {
        for id in [
            "robot",
            "bridge/",
            "bridge/robot",
            "bridge/robot%4",
            "bridge/robot%zz",
            "bridge/%40",
            "bridge/é%é",
        ] {
            assert_eq!(decode(id), None, "{id}");
        }
    }
}
