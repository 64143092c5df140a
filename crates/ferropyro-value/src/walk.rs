//! The walker for [`Value`]: writes one through any encoder, reads one through any decoder.
//!
//! Class dictionaries are made and recognised here and nowhere else for values: a mapping with
//! `__class__` becomes the URI, proxy, exception or object that it stands for.

use bytes::Bytes;

use crate::codec::{Container, Decoder, Encoder, Open, Token};
use crate::{
    DecodeError, DecodeErrorKind, Dict, EncodeError, Exception, Flavor, Instance, ProxyState, Set, Uri, Value,
};

/// Writes a value.
pub(crate) fn encode<E: Encoder>(value: &Value, encoder: &mut E) -> Result<(), EncodeError> {
    match value {
        Value::None => encoder.none(),
        Value::Bool(flag) => encoder.bool(*flag),
        Value::Int(number) => encoder.int(*number),
        Value::BigInt(number) => encoder.big_int(number),
        Value::Float(number) => encoder.float(*number),
        Value::Complex(number) => encoder.complex(*number),
        Value::Str(text) => encoder.str(text),
        Value::SurrogateStr(text) => encoder.surrogate_str(text),
        Value::Bytes(bytes) => encoder.bytes(bytes),
        Value::List(items) => sequence(Container::List, items.iter(), encoder),
        Value::Tuple(items) => sequence(Container::Tuple, items.iter(), encoder),
        Value::Set(set) => sequence(Container::Set, set.iter(), encoder),
        Value::FrozenSet(set) => sequence(Container::FrozenSet, set.iter(), encoder),
        Value::Dict(dict) => self::dict(dict, encoder),
        Value::DateTime(date_time) => encoder.date_time(date_time),
        Value::Date(date) => encoder.date(*date),
        Value::Time(time) => encoder.time(*time),
        Value::TimeDelta(delta) => encoder.time_delta(*delta),
        Value::Decimal(decimal) => encoder.decimal(decimal),
        Value::Uuid(uuid) => encoder.uuid(*uuid),
        Value::Ellipsis => Err(EncodeError::Unsupported { codec: "Pyro", what: "an ellipsis".to_owned() }),
        Value::Object(object) => {
            let len = object.members.len() + 1;
            encoder.begin(Container::Dict, len)?;
            entries(&object.members, encoder)?;
            member("__class__", encoder, |e| e.str(&object.class))?;
            encoder.end(Container::Dict, len)
        }
        Value::Exception(exception) => self::exception(exception, encoder),
        Value::Uri(uri) => self::uri(uri, encoder),
        Value::Proxy(proxy) => self::proxy(proxy, encoder),
        Value::Daemon => {
            let class = encoder.flavor().daemon_class;
            with_state(class, encoder, |e| sequence(Container::Tuple, [].iter(), e))
        }
    }
}

/// Writes the items of a list, tuple or set.
pub(crate) fn sequence<'v, E: Encoder>(
    kind: Container,
    items: impl ExactSizeIterator<Item = &'v Value>,
    encoder: &mut E,
) -> Result<(), EncodeError> {
    let len = items.len();
    encoder.begin(kind, len)?;
    for item in items {
        encoder.item()?;
        encode(item, encoder)?;
    }
    encoder.end(kind, len)
}

/// Writes a dict.
pub(crate) fn dict<E: Encoder>(dict: &Dict, encoder: &mut E) -> Result<(), EncodeError> {
    encoder.begin(Container::Dict, dict.len())?;
    entries(dict, encoder)?;
    encoder.end(Container::Dict, dict.len())
}

fn entries<E: Encoder>(dict: &Dict, encoder: &mut E) -> Result<(), EncodeError> {
    for (key, value) in dict.iter() {
        encoder.key()?;
        encode(key, encoder)?;
        encoder.value()?;
        encode(value, encoder)?;
    }
    Ok(())
}

fn member<E: Encoder>(
    name: &str,
    encoder: &mut E,
    value: impl FnOnce(&mut E) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    encoder.key()?;
    encoder.str(name)?;
    encoder.value()?;
    value(encoder)
}

/// A mapping with `__class__` and `state`, in that order, as Pyro writes its own classes.
fn with_state<E: Encoder>(
    class: &str,
    encoder: &mut E,
    state: impl FnOnce(&mut E) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    encoder.begin(Container::Dict, 2)?;
    member("__class__", encoder, |e| e.str(class))?;
    member("state", encoder, state)?;
    encoder.end(Container::Dict, 2)
}

/// Writes an exception as its class dictionary, Pyro's own classes in the dialect's spelling.
pub(crate) fn exception<E: Encoder>(exception: &Exception, encoder: &mut E) -> Result<(), EncodeError> {
    let translated = encoder.flavor().translate_error_class(exception.class());
    encoder.begin(Container::Dict, 4)?;
    member("__class__", encoder, |e| e.str(translated.as_deref().unwrap_or(exception.class())))?;
    member("__exception__", encoder, |e| e.bool(true))?;
    member("args", encoder, |e| sequence(Container::Tuple, exception.args().iter(), e))?;
    member("attributes", encoder, |e| dict(exception.attributes(), e))?;
    encoder.end(Container::Dict, 4)
}

/// Writes a URI as its class dictionary.
pub(crate) fn uri<E: Encoder>(uri: &Uri, encoder: &mut E) -> Result<(), EncodeError> {
    let class = encoder.flavor().uri_class;
    let state = uri.to_state();
    with_state(class, encoder, |e| encode(&state, e))
}

/// Writes a reference as its class dictionary, in the shape of the dialect.
pub(crate) fn proxy<E: Encoder>(proxy: &ProxyState, encoder: &mut E) -> Result<(), EncodeError> {
    let flavor = encoder.flavor();
    let state = proxy.to_state(flavor.long_proxy_state);
    with_state(flavor.proxy_class, encoder, |e| encode(&state, e))
}

/// The class dictionary that [`encode`] would write for an instance of a class; `None` for anything else.
pub(crate) fn class_dict(value: &Value, flavor: &Flavor) -> Option<Dict> {
    let with_state =
        |class: &str, state: Value| Dict::from_iter([("__class__", class.into()), ("state", state)]);
    Some(match value {
        Value::Object(object) => {
            let mut dict = object.members.clone();
            dict.insert("__class__", object.class.as_str());
            dict
        }
        Value::Exception(exception) => {
            let class = exception.class();
            let class = flavor.translate_error_class(class).unwrap_or_else(|| class.to_owned());
            Dict::from_iter([
                ("__class__", Value::Str(class)),
                ("__exception__", Value::Bool(true)),
                ("args", Value::Tuple(exception.args().to_vec())),
                ("attributes", Value::Dict(exception.attributes().clone())),
            ])
        }
        Value::Uri(uri) => with_state(flavor.uri_class, uri.to_state()),
        Value::Proxy(proxy) => with_state(flavor.proxy_class, proxy.to_state(flavor.long_proxy_state)),
        Value::Daemon => with_state(flavor.daemon_class, Value::Tuple(Vec::new())),
        _ => return None,
    })
}

/// Reads a value.
#[inline]
pub(crate) fn decode<'de, D: Decoder<'de>>(decoder: &mut D) -> Result<Value, DecodeError> {
    if let Some(text) = decoder.borrowed_str() {
        return Ok(Value::Str(text.to_owned()));
    }
    let token = decoder.token()?;
    finish(token, decoder)
}

/// Reads the rest of a value whose first token is known.
#[inline]
pub(crate) fn finish<'de, D: Decoder<'de>>(token: Token<'de>, decoder: &mut D) -> Result<Value, DecodeError> {
    Ok(match token {
        Token::None => Value::None,
        Token::Bool(flag) => Value::Bool(flag),
        Token::Int(number) => Value::Int(number),
        Token::BigInt(number) => Value::from(*number),
        Token::Float(number) => Value::Float(number),
        Token::Complex(number) => Value::Complex(number),
        Token::Str(text) => Value::Str(text.into_owned()),
        Token::SurrogateStr(text) => Value::SurrogateStr(text),
        Token::Bytes(std::borrow::Cow::Borrowed(bytes)) => Value::Bytes(decoder.share(bytes)),
        Token::Bytes(std::borrow::Cow::Owned(bytes)) => Value::Bytes(Bytes::from(bytes)),
        Token::DateTime(date_time) => Value::DateTime(date_time),
        Token::Date(date) => Value::Date(date),
        Token::Time(time) => Value::Time(time),
        Token::TimeDelta(delta) => Value::TimeDelta(delta),
        Token::Decimal(decimal) => Value::Decimal(decimal),
        Token::Uuid(uuid) => Value::Uuid(uuid),
        Token::Ellipsis => Value::Ellipsis,
        Token::Open(open) => container(open, decoder)?,
    })
}

/// Apart from [`finish`], so that the scalars do not pay for the recursion.
#[inline(never)]
fn container<'de, D: Decoder<'de>>(open: Open, decoder: &mut D) -> Result<Value, DecodeError> {
    Ok(match open.kind {
        Container::List => Value::List(items(open, decoder)?),
        Container::Tuple => Value::Tuple(items(open, decoder)?),
        Container::Set => Value::Set(set(open, decoder)?),
        Container::FrozenSet => Value::FrozenSet(set(open, decoder)?),
        Container::Dict => classify(read_dict(open, decoder)?)?,
    })
}

fn items<'de, D: Decoder<'de>>(mut open: Open, decoder: &mut D) -> Result<Vec<Value>, DecodeError> {
    let mut items = Vec::with_capacity(open.capacity(0));
    while decoder.more(&mut open)? {
        items.push(decode(decoder)?);
    }
    Ok(items)
}

fn set<'de, D: Decoder<'de>>(mut open: Open, decoder: &mut D) -> Result<Set, DecodeError> {
    let mut set = Set::new();
    while decoder.more(&mut open)? {
        set.insert(hashable(decoder)?);
    }
    Ok(set)
}

/// Reads a key or a set's member.
fn hashable<'de, D: Decoder<'de>>(decoder: &mut D) -> Result<Value, DecodeError> {
    let value = decode(decoder)?;
    check_hashable(&value)?;
    Ok(value)
}

fn read_dict<'de, D: Decoder<'de>>(mut open: Open, decoder: &mut D) -> Result<Dict, DecodeError> {
    // Of unknown length most have a few entries; room for them saves the first rehash.
    let mut dict = Dict::with_capacity(open.capacity(4));
    while decoder.more(&mut open)? {
        let key = match decoder.borrowed_str() {
            Some(text) => Value::from(text),
            None => hashable(decoder)?,
        };
        decoder.value()?;
        dict.insert(key, decode(decoder)?);
    }
    Ok(dict)
}

/// Refuses what Python refuses as a key or a set's member. Instances of classes are dicts there.
pub(crate) fn check_hashable(key: &Value) -> Result<(), DecodeError> {
    let name = match key {
        Value::List(_) | Value::Dict(_) | Value::Set(_) => key.type_name(),
        Value::Object(_) | Value::Exception(_) | Value::Uri(_) | Value::Proxy(_) | Value::Daemon => "dict",
        Value::Tuple(items) => return items.iter().try_for_each(check_hashable),
        _ => return Ok(()),
    };
    Err(DecodeError::unplaced(DecodeErrorKind::Type, format!("unhashable type: '{name}'")))
}

fn missing(name: &str) -> DecodeError {
    DecodeError::unplaced(DecodeErrorKind::Missing, format!("'{name}'"))
}

/// A dict, or what it stands for if it is a class dictionary.
pub(crate) fn classify(dict: Dict) -> Result<Value, DecodeError> {
    if dict.get("__class__").is_some() { from_class_dict(dict) } else { Ok(Value::Dict(dict)) }
}

/// What a mapping with `__class__` stands for (wire protocol §5.2, §11). An unknown class is an [`Instance`].
fn from_class_dict(mut dict: Dict) -> Result<Value, DecodeError> {
    let class = match dict.remove("__class__") {
        Some(Value::Str(class)) => class,
        Some(Value::Bytes(class)) => String::from_utf8_lossy(&class).into_owned(),
        other => {
            // Not a class dictionary at all; Pyro fails here with whatever its parser does.
            dict.insert("__class__", other.unwrap_or_default());
            return Ok(Value::Dict(dict));
        }
    };
    match class.as_str() {
        "float" => float_from_text(&dict, class),
        "complex" => Ok(match (dict.get("real"), dict.get("imag")) {
            (Some(real), Some(imag)) => match (real.as_float(), imag.as_float()) {
                (Some(real), Some(imag)) => Value::Complex(crate::Complex { real, imag }),
                _ => object(class, dict),
            },
            _ => object(class, dict),
        }),
        "Pyro4.core.URI" | "Pyro5.core.URI" => {
            let state = dict.remove("state").ok_or_else(|| missing("state"))?;
            Ok(Value::Uri(Box::new(Uri::from_state(&state)?)))
        }
        "Pyro4.core.Proxy" | "Pyro5.client.Proxy" => {
            let state = dict.remove("state").ok_or_else(|| missing("state"))?;
            Ok(Value::Proxy(Box::new(ProxyState::from_state(state)?)))
        }
        "Pyro4.core.Daemon" | "Pyro5.server.Daemon" => Ok(Value::Daemon),
        "Pyro4.futures._ExceptionWrapper" | "Pyro5.core._ExceptionWrapper" => {
            dict.remove("exception").ok_or_else(|| missing("exception"))
        }
        _ => {
            let own_error = class.starts_with("Pyro4.errors.") || class.starts_with("Pyro5.errors.");
            if own_error || dict.get("__exception__") == Some(&Value::Bool(true)) {
                exception_from_dict(class, dict)
            } else {
                Ok(object(class, dict))
            }
        }
    }
}

fn object(class: String, members: Dict) -> Value {
    Value::Object(Box::new(Instance { class, members }))
}

/// Serpent's form of NaN: `{'__class__':'float','value':'nan'}`.
fn float_from_text(dict: &Dict, class: String) -> Result<Value, DecodeError> {
    match dict.get("value") {
        Some(Value::Str(text)) => text.trim().parse().map(Value::Float).map_err(|_| {
            DecodeError::unplaced(
                DecodeErrorKind::Value,
                format!("could not convert string to float: '{text}'"),
            )
        }),
        Some(other) if other.as_float().is_some() => Ok(Value::Float(other.as_float().unwrap_or_default())),
        _ => Ok(object(class, dict.clone())),
    }
}

fn exception_from_dict(class: String, mut dict: Dict) -> Result<Value, DecodeError> {
    let args = dict.remove("args").ok_or_else(|| missing("args"))?;
    let args = args.into_items().map_err(|args| {
        DecodeError::unplaced(
            DecodeErrorKind::Type,
            format!("the args of exception {class} are a {}, not a tuple", args.type_name()),
        )
    })?;
    let attributes = match dict.remove("attributes") {
        Some(Value::Dict(attributes)) => attributes,
        _ => Dict::new(),
    };
    Ok(Value::Exception(Box::new(Exception::from_parts(class, args, attributes))))
}

impl ProxyState {
    /// The state tuple as it travels: six members, or Pyro4's nine.
    fn to_state(&self, long: bool) -> Value {
        let names = |names: &[String]| Value::Tuple(names.iter().map(Value::from).collect());
        let uri = Value::Str(self.uri.to_text());
        let mut state = vec![uri, names(&self.oneway), names(&self.methods), names(&self.attrs)];
        if long {
            state.push(Value::Float(0.0));
            state.push(self.hmac_key.as_deref().map(hmac_text).into());
        }
        state.push(self.handshake.clone());
        if long {
            state.push(Value::Int(0));
        }
        state.push(self.serializer.as_ref().map(Value::from).into());
        Value::Tuple(state)
    }

    /// Reads a state of any length that Pyro's own decoders take: 6 members, 8 or 9.
    fn from_state(state: Value) -> Result<Self, DecodeError> {
        let wrong =
            |what: String| DecodeError::unplaced(DecodeErrorKind::Type, format!("proxy state: {what}"));
        let members =
            state.into_items().map_err(|state| wrong(format!("a {}, not a tuple", state.type_name())))?;
        let long = match members.len() {
            6 => false,
            8 | 9 => true,
            other => return Err(wrong(format!("{other} members instead of 6, 8 or 9"))),
        };
        let mut members = members.into_iter();
        let mut next = || members.next().unwrap_or_default();
        let uri = match next() {
            Value::Str(text) => text.parse().map_err(|error| wrong(format!("{error}")))?,
            // It is text when it travels on, and must be the same then.
            Value::Uri(uri) if uri.to_text().parse().as_ref() == Ok(&*uri) => *uri,
            other => return Err(wrong(format!("the uri is a {}", other.type_name()))),
        };
        let mut names = |what: &str| -> Result<Vec<String>, DecodeError> {
            let names =
                next().into_items().map_err(|_| wrong(format!("the {what} names are no collection")))?;
            let text = |name| match name {
                Value::Str(name) => Ok(name),
                other => Err(wrong(format!("a name among the {what} is a {}", other.type_name()))),
            };
            names.into_iter().map(text).collect()
        };
        let oneway = names("oneway")?;
        let methods = names("method")?;
        let attrs = names("attribute")?;
        let mut hmac_key = None;
        if long {
            next(); // the timeout: receivers use their own
            hmac_key = match next() {
                Value::Str(text) => hmac_bytes(&text),
                Value::Bytes(bytes) => Some(bytes.to_vec()),
                _ => None,
            };
        }
        let handshake = next();
        if long {
            next(); // the retries: receivers use their own
        }
        let serializer = match next() {
            Value::Str(name) => Some(name),
            _ => None,
        };
        Ok(Self { uri, oneway, methods, attrs, handshake, serializer, hmac_key })
    }
}

/// Pyro4 writes a key as `b64:` and base64.
fn hmac_text(key: &[u8]) -> String {
    use base64::Engine;
    format!("b64:{}", base64::engine::general_purpose::STANDARD.encode(key))
}

fn hmac_bytes(text: &str) -> Option<Vec<u8>> {
    use base64::Engine;
    match text.strip_prefix("b64:") {
        Some(encoded) => base64::engine::general_purpose::STANDARD.decode(encoded).ok(),
        None => Some(text.as_bytes().to_vec()),
    }
}

#[cfg(test)]
mod tests;
